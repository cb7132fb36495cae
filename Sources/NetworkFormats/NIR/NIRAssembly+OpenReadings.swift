extension NIRAssembly {
  /// The questions that this file leaves open and that change what the network does. Call after `network`.
  ///
  /// NIR stores neither the reset that a network was trained with, nor what one tick of IF's r is, nor whether a
  /// CubaLIF membrane sees its current before or after the tick's update. Where all of v_reset is in the file, its writer was
  /// of a version that means it, and the reset is taken as settled.
  func openReadings() -> [OpenReading] {
    var open: [OpenReading] = []
    func isMissing(_ parameter: String) -> Bool { graph.missing.values.contains { $0.contains(parameter) } }
    if isMissing("v_reset") {
      let other = dynamics.reset == .zero ? "subtract" : "zero"
      open.append(
        OpenReading(
          "the file has no v_reset, and before NIR 1.0.6 a spike took v_threshold off",
          option: "--reset \(other)",
          options
        ) { $0.reset = dynamics.reset == .zero ? .subtract : .zero })
    }
    if options.ifGain == .auto, let gain = gains.values.first, dynamics.dt != 1 {
      let other: ImportOptions.IFGain = gain == .ode ? .perTick : .ode
      open.append(
        OpenReading(
          "the differential equation of IF and I takes r per second, most exporters mean it per tick",
          option: "--if-gain \(other.rawValue)", options
        ) { $0.ifGain = other })
    }
    if graph.nodes.contains(where: { $0.neuron?.synapseTau != nil }) {
      let other = dynamics.synapseCurrent == .new ? "old" : "new"
      open.append(
        OpenReading(
          "the file does not say whether membranes see the current before or after its update",
          option: "--synapse-current \(other)", options
        ) { $0.synapseCurrent = dynamics.synapseCurrent == .new ? .old : .new })
    }
    return open
  }
}
