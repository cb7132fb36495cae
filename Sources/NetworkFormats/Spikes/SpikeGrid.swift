import Diagnostics
import Observations

/// Spikes as an array of numbers, [samples, ticks, channels].
enum SpikeGrid {
  /// - Parameters:
  ///   - shape: three extents, whose product is the number of elements.
  ///   - integer: element k as a whole number; nil if it is none. `double`: the same for a diagnostic.
  static func trains(
    shape: [Int], place: String, integer: (Int) -> Int?, double: (Int) -> Double
  ) throws(Failure) -> SpikeTrains {
    guard shape.allSatisfy({ $0 <= Int(Int32.max) }) else {
      throw refusal(
        "spikes.shape", place, "the spikes have too many samples, ticks or channels", "shape \(shape)")
    }
    var events: [SpikeTrains.Event] = []
    for k in 0..<shape[0] * shape[1] * shape[2] {
      guard events.count <= SpikeTable.mostEvents else {
        throw refusal(
          "spikes.shape", place, "too many spikes", "more than \(SpikeTable.mostEvents)",
          remedy: "Split the samples over several files")
      }
      guard let count = integer(k), (0...255).contains(count) else {
        throw refusal(
          "spikes.values", place, "not a number of spikes", "\(double(k))",
          expected: "whole numbers from 0 to 255")
      }
      if count > 0 {
        events.append(
          SpikeTrains.Event(
            sample: Int32(k / shape[2] / shape[1]), tick: Int32(k / shape[2] % shape[1]),
            channel: Int32(k % shape[2]), count: UInt8(count)))
      }
    }
    return SpikeTrains(samples: shape[0], ticks: shape[1], channels: shape[2], events: events)
  }

  private static func refusal(
    _ id: String, _ place: String, _ problem: String, _ found: String, expected: String? = nil,
    remedy: String? = nil
  ) -> Failure {
    Failure(
      .badInput,
      Diagnostic(id, place: place, problem: problem, found: found, expected: expected, remedy: remedy))
  }
}
