import ChipModel
import FixedPoint
import ProgramImage
import RateTheory
import TestSupport

extension GoldenCheck {
  /// Quantised neurons, against simulations and brute force by another program.
  static var integers: [GoldenCheck] { periods + [rheobase] + deadZones + additiveLeak }

  /// A 24-bit datapath whose threshold is tested with ≥ and whose decay codes have 12 bits.
  private static func datapath(
    _ decayOf: Chip.LeakyDatapath.DecayOf, _ rounding: Rounding, minimumStep: Int = 0
  ) -> Chip.LeakyDatapath {
    Chip.LeakyDatapath(
      stateBits: 24, stateOverflow: .saturate, synapseOverflow: .saturate, accumulatorBits: 20, decayBits: 12,
      decayExponents: 12...12, decayOf: decayOf, decayRounding: rounding, minimumStep: minimumStep,
      gainBits: 0,
      inputRounding: .floor, weightExponents: 0...0, biasBits: 24, thresholdBits: 24,
      comparison: .greaterOrEqual, refractoryBits: 8, synapticState: false)
  }

  /// Ticks per spike; infinite if silent.
  private static func period(
    _ datapath: Chip.LeakyDatapath, decay: Int, bias: Int, threshold: Int,
    mode: ProgramImage.ResetMode = .toValue, floor: Int32 = -1 << 23
  ) -> (mean: Double, firstSpike: Int?) {
    let orbit = integerRate(
      datapath: datapath, decay: Int32(decay), exponent: 12, bias: Int32(bias), threshold: Int32(threshold),
      reset: mode == .subtract ? Int32(threshold) : 0, resetMode: mode, refractory: 0, v0: 0, floor: floor)
    guard let orbit else { return (.nan, nil) }
    return (Double(orbit.periodTicks) / Double(orbit.spikesPerPeriod), orbit.firstSpike)
  }

  private static var periods: [GoldenCheck] {
    let table = "RateTheory/quantised_lif_periods.csv"
    let rules: [(name: String, path: Chip.LeakyDatapath, column: String, subtracting: String)] = [
      (
        "leak floored", datapath(.leak, .floor), "period_leak_floor", "period_leak_floor_subreset"
      ),
      (
        "Loihi's rule", datapath(.retained, .towardZero), "period_keep_trunc_loihi",
        "period_keep_trunc_subreset"
      ),
    ]
    return rules.flatMap { rule in
      [
        GoldenCheck("integer periods and first spikes, \(rule.name)", table, .differing, bound: 0, count: 190)
        {
          rows, comparison in
          for row in rows {
            let found = period(
              rule.path, decay: try row.integer("decay_code_d"), bias: try row.integer("bias_b"),
              threshold: try row.integer("v_th"))
            let golden = try row.number(rule.column)
            comparison.add(periodName(row), found.mean, golden: golden)
            comparison.add(
              periodName(row) + ", first spike",
              same: found.firstSpike == (golden.isInfinite ? nil : Int(golden) - 1))
          }
        },
        // The table's mean is over 40 intervals: at most one tick in 40 off.
        GoldenCheck(
          "integer periods, \(rule.name), reset by subtraction", table, .absolute("ticks"), bound: 0.025,
          count: 95
        ) { rows, comparison in
          for row in rows {
            let found = period(
              rule.path, decay: try row.integer("decay_code_d"), bias: try row.integer("bias_b"),
              threshold: try row.integer("v_th"), mode: .subtract)
            comparison.add(periodName(row), found.mean, golden: try row.number(rule.subtracting))
          }
        },
      ]
    } + [
      GoldenCheck("periods of the real map", table, .differing, bound: 0, count: 95) { rows, comparison in
        for row in rows {
          let decay = try row.number("decay_code_d")
          let map = RealMap(
            retained: 1 - decay / 4096, vInfinity: try row.number("bias_b") * 4096 / decay,
            threshold: try row.number("v_th"))
          comparison.add(
            periodName(row), map.period(reset: 0).map(Double.init) ?? .infinity,
            golden: try row.number("period_real_map_ceil"))
        }
      }
    ]
  }

  private static func periodName(_ row: GoldenRow) -> String { row.name("decay_code_d", "v_th", "bias_b") }

  private static var rheobase: GoldenCheck {
    GoldenCheck(
      "rheobase in codes", "RateTheory/rheobase_integer.csv", .differing, bound: 0, count: 84
    ) { rows, comparison in
      let rules: [String: (Chip.LeakyDatapath.DecayOf, Rounding)] = [
        "leak_floor": (.leak, .floor), "keep_trunc": (.retained, .towardZero),
      ]
      for row in rows {
        guard let (decayOf, rounding) = rules[try row.text("rounding")] else { continue }
        let leak = LeakRule(
          decayOf: decayOf, rounding: rounding, decay: Int64(try row.integer("d")), exponent: 12)
        let bias = leak.smallestFiringBias(top: Int64(try row.integer("v_th")) - 1)
        comparison.add(
          row.name("d", "v_th", "rounding"), same: bias == Int64(try row.integer("b_rheobase_bruteforce")))
      }
    }
  }

  private static var deadZones: [GoldenCheck] {
    let table = "RateTheory/deadzones.csv"
    return [
      GoldenCheck("dead zones", table, .differing, bound: 0, count: 28) { rows, comparison in
        let range: ClosedRange<Int64> = -(1 << 23)...(1 << 23) - 1
        for row in rows {
          let d = Int64(try row.integer("d"))
          func zone(_ decayOf: Chip.LeakyDatapath.DecayOf, _ rounding: Rounding) -> ClosedRange<Int64> {
            LeakRule(decayOf: decayOf, rounding: rounding, decay: d, exponent: 12).deadZone(in: range)
          }
          let leakFloor = zone(.leak, .floor)
          let name = row.name("d")
          comparison.add(
            name + ", leak floored, above",
            same: leakFloor.upperBound == Int64(try row.integer("stuck_pos_leak_floor")))
          comparison.add(
            name + ", leak floored, below",
            same: leakFloor.lowerBound == Int64(try row.integer("stuck_neg_leak_floor")))
          comparison.add(
            name + ", retained floored",
            same: zone(.retained, .floor) == Int64(try row.integer("stuck_neg_keep_floor"))...0)
          comparison.add(name + ", retained toward zero", same: zone(.retained, .towardZero) == 0...0)
        }
      },
      GoldenCheck("steps to zero from 2^20", table, .differing, bound: 0, count: 7) { rows, comparison in
        for row in rows {
          let leak = LeakRule(
            decayOf: .retained, rounding: .towardZero, decay: Int64(try row.integer("d")), exponent: 12)
          var (v, steps) = (Int64(1) << 20, 0)
          while v != 0, steps < 10_000_000 {
            v = leak.decayed(v)
            steps += 1
          }
          comparison.add(
            row.name("d"), same: steps == (try row.integer("steps_to_zero_keep_trunc_from_2^20")))
        }
      },
    ]
  }

  /// A leak of L per tick and a floor at 0: decay code 0 with a smallest step. Means are over whole orbits, the
  /// table's over a run.
  private static var additiveLeak: [GoldenCheck] {
    func check(_ name: String, _ column: String, _ mode: ProgramImage.ResetMode, bound: Double) -> GoldenCheck
    {
      GoldenCheck(
        "additive leak, \(name)", "RateTheory/additive_leak.csv", .absolute("ticks"), bound: bound, count: 5
      ) { rows, comparison in
        for row in rows {
          let found = period(
            datapath(.leak, .floor, minimumStep: try row.integer("leak")), decay: 0,
            bias: try row.integer("b"), threshold: try row.integer("v_th"), mode: mode, floor: 0)
          comparison.add(row.name("leak", "b", "v_th"), found.mean, golden: try row.number(column))
        }
      }
    }
    return [
      check("reset to zero", "period_zero_reset_sim", .toValue, bound: 0),
      check("reset by subtraction", "mean_period_sub_reset_sim", .subtract, bound: 1e-3),
    ]
  }
}
