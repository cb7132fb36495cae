/// Mead's axon hillock under constant current: an amplifier whose output is fed back to the membrane through a capacitor.
///
/// When the membrane reaches the amplifier's threshold the output rises to the supply and lifts the membrane by ΔV
/// through the divider; a reset current then discharges it until the output falls and takes the membrane down again.
/// ```
/// ΔV   = V_dd · C_fb / (C_ground + C_fb)
/// t_L  = C_fb · V_dd / I                  output low, membrane rises by ΔV:  ΔV · (C_ground + C_fb) / I
/// t_H  = C_fb · V_dd / (I_r − I)          output high, membrane falls by ΔV
/// f    = 1 / (t_L + t_H) = I · (I_r − I) / (C_fb · V_dd · I_r)
/// ```
/// Capacitance to ground cancels: it makes the jump smaller and the slope slower by the same factor. So parasitics to ground
/// change ΔV and not the rate, where they slow a leaky integrator; what adds to the feedback capacitor slows the rate.
///
/// The amplifier is ideal: infinite gain, no delay, no leak of the membrane. Units: farad, volt, ampere, second, hertz.
///
/// **Source:** Mead, "Analog VLSI and Neural Systems", 1989, chapter 12. The closed form is compared with ngspice in
/// Tests/ChipModelTests.
public struct AxonHillock: Sendable, Equatable {
  /// All that hangs on the membrane and does not move: drawn capacitor and parasitics.
  public var groundCapacitance: Double
  public var feedbackCapacitance: Double
  public var supply: Double
  public var resetCurrent: Double

  public init(
    groundCapacitance: Double, feedbackCapacitance: Double, supply: Double, resetCurrent: Double
  ) {
    self.groundCapacitance = groundCapacitance
    self.feedbackCapacitance = feedbackCapacitance
    self.supply = supply
    self.resetCurrent = resetCurrent
  }

  /// On a column of a crossbar, whose whole budget is capacitance to ground.
  public init(
    column: CapacitanceBudget, feedbackCapacitance: Double, supply: Double, resetCurrent: Double
  ) {
    self.init(
      groundCapacitance: column.total, feedbackCapacitance: feedbackCapacitance, supply: supply,
      resetCurrent: resetCurrent)
  }

  /// ΔV: what an edge of the output moves the membrane by.
  public var jump: Double { supply * feedbackCapacitance / (groundCapacitance + feedbackCapacitance) }

  /// t_L: time between spikes with the output low. Infinite for a current that is not positive.
  public func lowTime(current: Double) -> Double {
    current > 0 ? feedbackCapacitance * supply / current : .infinity
  }

  /// t_H: width of the output pulse. Infinite where the current is at least the reset current: the output stays high.
  public func highTime(current: Double) -> Double {
    current < resetCurrent ? feedbackCapacitance * supply / (resetCurrent - current) : .infinity
  }

  /// Spikes per second; 0 at or below no current, and from the reset current on. Highest at half of the reset current.
  public func rate(current: Double) -> Double {
    1 / (lowTime(current: current) + highTime(current: current))
  }
}
