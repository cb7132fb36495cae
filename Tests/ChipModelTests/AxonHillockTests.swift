import ChipModel
import Testing

/// The axon hillock against ngspice (axon_hillock.csv): an ideal amplifier with two integration methods, and amplifiers
/// of transistors.
@Suite struct AxonHillockTests {
  private struct Row {
    var model: String
    var circuit: AxonHillock
    var current: Double
    var low: Double
    var high: Double?
    var rate: Double
    var jump: Double

    init(_ cells: [String]) throws {
      func number(_ column: Int) throws -> Double { try #require(Double(cells[column])) }
      model = cells[0]
      // Netlists of transistors set their own reset current; what their pulse lasts is not compared.
      circuit = AxonHillock(
        groundCapacitance: try number(4) + number(2), feedbackCapacitance: try number(3), supply: 1.8,
        resetCurrent: Double(cells[5]) ?? 20e-9)
      current = try number(1)
      low = try number(7)
      high = cells[9].isEmpty ? nil : try number(10)
      rate = try number(13)
      jump = try number(16)
    }
  }

  private static func rows() throws -> [Row] { try goldenRows("axon_hillock.csv").map(Row.init) }

  @Test func idealAmplifierAgreesWithNgspice() throws {
    let rows = try Self.rows().filter { $0.model.hasPrefix("ideal") }
    #expect(rows.count == 44)
    for row in rows {
      #expect(abs(row.circuit.lowTime(current: row.current) / row.low - 1) < 1e-3)
      #expect(abs(row.circuit.highTime(current: row.current) / (try #require(row.high)) - 1) < 1.2e-3)
      #expect(abs(row.circuit.rate(current: row.current) / row.rate - 1) < 1e-3)
      #expect(abs(row.circuit.jump / row.jump - 1) < 4e-4)
    }
  }

  /// Transistors: simple ones stay within 0.2 % of the time between spikes, short-channel ones are 4 to 6 % faster.
  @Test func transistorsAreFaster() throws {
    let rows = try Self.rows()
    for (model, count, range) in [("level1", 12, 0.0005...0.002), ("bsim3", 4, 0.04...0.06)] {
      let own = rows.filter { $0.model == model }
      #expect(own.count == count)
      for row in own {
        #expect(range.contains(row.circuit.lowTime(current: row.current) / row.low - 1), "\(row)")
      }
    }
  }

  /// Capacitance to ground changes the jump, not the rate: in the closed form exactly, in ngspice to 1e-4.
  @Test func groundCapacitanceLeavesTheRate() throws {
    let ideal = try Self.rows().filter {
      $0.model == "ideal_trap" && $0.circuit.feedbackCapacitance == 250e-15
    }
    for current in [0.5e-9, 2e-9, 8e-9] {
      let rates = ideal.filter { abs($0.current / current - 1) < 1e-9 }
      #expect(rates.count >= 3)
      let first = try #require(rates.first)
      for row in rates {
        #expect(abs(row.rate / first.rate - 1) < 1e-4)
        #expect(row.circuit.rate(current: current) == first.circuit.rate(current: current))
      }
    }
    let tessera = try #require(try BundledChips.tessera().electrical)
    let column = CapacitanceBudget(electrical: tessera, rows: 256)
    let loaded = AxonHillock(column: column, feedbackCapacitance: 250e-15, supply: 1.8, resetCurrent: 20e-9)
    let drawn = AxonHillock(
      column: column.withoutParasitics, feedbackCapacitance: 250e-15, supply: 1.8, resetCurrent: 20e-9)
    #expect(loaded.rate(current: 1e-9) == drawn.rate(current: 1e-9))
    #expect(loaded.jump < drawn.jump)
  }

  @Test func edges() {
    let circuit = AxonHillock(
      groundCapacitance: 500e-15, feedbackCapacitance: 250e-15, supply: 1.8, resetCurrent: 20e-9)
    #expect(circuit.rate(current: 0) == 0 && circuit.rate(current: -1e-9) == 0)
    #expect(circuit.rate(current: 20e-9) == 0 && circuit.rate(current: 30e-9) == 0)
    #expect(circuit.rate(current: 10e-9) > circuit.rate(current: 9e-9))
    #expect(circuit.rate(current: 10e-9) > circuit.rate(current: 11e-9))
  }
}
