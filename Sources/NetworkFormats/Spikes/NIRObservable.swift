import Diagnostics
import HDF5Files
import Observations

/// One observable of a node in a NIRGraphData file, taken as spikes. By its attribute `__type__`:
///
/// - `TimeGriddedData`: dataset `data` [samples, ticks, neurons], whole numbers 0…255 or booleans; attribute `dt` in
///   seconds, which must be the program's.
/// - `EventData`: datasets `idx` and `time` [samples, events], the neuron and the time in seconds of each event, −1 where
///   there is none; attributes `n_neurons` and `t_max`. The tick is ⌊time/dt⌋, and there are ⌈t_max/dt⌉ of them. Events of
///   the same neuron and tick add up.
/// - `ValuedEventData`: the same with `value`, here the number of spikes.
struct NIRObservable {
  let group: HDF5Group
  /// File and path within it.
  let place: String

  /// Of gridded data, if it is a number.
  var dt: Double? { group.attributes["dt"]?.doubles?.first }

  /// Numbers of a file may have been 32 bits wide.
  private static let relativeError = 1e-6

  func spikes(dt: Double) throws(Failure) -> SpikeTrains {
    switch NIRGraphData.type(of: group) {
    case "TimeGriddedData": return try gridded(dt)
    case "EventData": return try events(dt, valued: false)
    case "ValuedEventData": return try events(dt, valued: true)
    case let other:
      throw refusal(
        "nirData.type", " attribute __type__", "not a kind of observable", other ?? "no such attribute",
        "TimeGriddedData, EventData or ValuedEventData")
    }
  }

  private func gridded(_ dt: Double) throws(Failure) -> SpikeTrains {
    let own = try positive("dt")
    guard abs(own - dt) <= Self.relativeError * dt else {
      throw refusal(
        "nirData.dt", " attribute dt", "another time per tick than the network's", "\(own) s",
        "\(dt) s",
        remedy: "Use --dt \(own)s, or sample the spikes again")
    }
    let data = try dataset("data")
    guard data.shape.count == 3 else {
      throw refusal(
        "nirData.shape", "/data", "the spikes have the wrong number of dimensions", "shape \(data.shape)",
        "[samples, ticks, neurons]")
    }
    guard let values = data.doubles else {
      throw refusal("nirData.field", "/data", "not numbers", data.typeName, "whole numbers from 0 to 255")
    }
    return try SpikeGrid.trains(
      shape: data.shape, place: "\(place)/data", integer: { Int(exactly: values[$0]) }, double: { values[$0] }
    )
  }

  private func events(_ dt: Double, valued: Bool) throws(Failure) -> SpikeTrains {
    let time = try dataset("time")
    let index = try dataset("idx", shape: time.shape)
    let value = valued ? try dataset("value", shape: time.shape) : nil
    guard time.shape.count == 2, time.shape[0] <= Int(Int32.max), let times = time.doubles else {
      throw refusal(
        "nirData.shape", "/time", "not times of events", "shape \(time.shape)", "[samples, events]")
    }
    guard let neurons = index.int64s else {
      throw refusal("nirData.field", "/idx", "not neuron numbers", index.typeName, "whole numbers from −1")
    }
    let values = value?.doubles
    if valued, values == nil {
      throw refusal("nirData.field", "/value", "not numbers", nil, "whole numbers from 0 to 255")
    }
    let ticks = (try positive("t_max") / dt - Self.relativeError).rounded(.up)
    let size = try positive("n_neurons")
    guard ticks <= Double(Int32.max), size <= Double(Int32.max), size == size.rounded() else {
      throw refusal(
        "nirData.field", " attributes t_max and n_neurons", "out of range", "\(ticks) ticks, \(size) neurons",
        "whole numbers below 2^31")
    }
    var events: [SpikeTrains.Event] = []
    for k in times.indices where neurons[k] != -1 {
      // A time that was computed as a multiple of dt may lie a rounding below it.
      let tick = (times[k] / dt + Self.relativeError).rounded(.down)
      let count = values.map { Int(exactly: $0[k]) } ?? 1
      guard neurons[k] >= 0, Double(neurons[k]) < size, tick >= 0, tick < ticks, let count,
        (0...255).contains(count)
      else {
        throw refusal(
          "nirData.event", "[\(k / time.shape[1]), \(k % time.shape[1])]", "not an event of this recording",
          "neuron \(neurons[k]) at \(times[k]) s" + (values.map { ", value \($0[k])" } ?? ""),
          "neuron 0 up to but not \(Int(size)), time 0 up to but not t_max"
            + (valued ? ", a whole number of spikes up to 255" : ""))
      }
      if count > 0 {
        events.append(
          SpikeTrains.Event(
            sample: Int32(k / time.shape[1]), tick: Int32(tick), channel: Int32(neurons[k]),
            count: UInt8(count)))
      }
    }
    return SpikeTrains(
      samples: time.shape[0], ticks: Int(ticks), channels: Int(size),
      events: try SpikeTable.merged(events, place: place))
  }

  private func dataset(_ name: String, shape: [Int]? = nil) throws(Failure) -> HDF5Dataset {
    guard let dataset = group.datasets[name] else {
      throw refusal("nirData.field", "/\(name)", "is missing", nil, nil)
    }
    guard shape == nil || dataset.shape == shape else {
      throw refusal(
        "nirData.shape", "/\(name)", "not one entry per event", "shape \(dataset.shape)", "\(shape ?? [])")
    }
    return dataset
  }

  /// A numeric attribute above 0.
  private func positive(_ name: String) throws(Failure) -> Double {
    let values = group.attributes[name]?.doubles
    guard let value = values?.first, values?.count == 1, value.isFinite, value > 0 else {
      throw refusal(
        "nirData.field", " attribute \(name)", "not a positive number", values.map { "\($0)" } ?? "nothing",
        nil)
    }
    return value
  }

  private func refusal(
    _ id: String, _ field: String, _ problem: String, _ found: String?, _ expected: String?,
    remedy: String? = nil
  ) -> Failure {
    Failure(
      .badInput,
      Diagnostic(
        id, place: place + field, problem: problem, found: found, expected: expected, remedy: remedy))
  }
}
