import HDF5Files

extension ProgramImage {
  /// One flat array of the image and the dataset that holds it.
  struct Field {
    let place: String
    /// Nil for an array that is left out.
    let get: (ProgramImage) -> HDF5Dataset?
    let set: (inout ProgramImage, inout HDF5Fields) -> Void

    init<Element: HDF5Element>(_ place: String, _ path: WritableKeyPath<ProgramImage, [Element]>) {
      self.place = place
      get = { HDF5Dataset($0[keyPath: path]) }
      set = { image, fields in image[keyPath: path] = fields.array(place) }
    }

    /// An array that a file need not have, and does not have where it is empty.
    init<Element: HDF5Element>(optional place: String, _ path: WritableKeyPath<ProgramImage, [Element]>) {
      self.place = place
      get = { $0[keyPath: path].isEmpty ? nil : HDF5Dataset($0[keyPath: path]) }
      set = { image, fields in image[keyPath: path] = fields.optionalArray(place) }
    }
  }

  /// Every array, in the order of docs/program-image.md.
  static var fields: [Field] {
    coreFields + neuronFields + programFields + routeFields
  }

  private static var coreFields: [Field] {
    [
      Field("core/x", \.cores.x),
      Field("core/y", \.cores.y),
      Field("core/axon_begin", \.cores.axonBegin),
      Field("core/neuron_begin", \.cores.neuronBegin),
      Field("crossbar/begin", \.crossbar.begin),
      Field("crossbar/neuron", \.crossbar.neuron),
      Field("crossbar/weight", \.crossbar.weight),
      Field("crossbar/axon_type", \.crossbar.axonType),
    ]
  }

  private static var neuronFields: [Field] {
    [
      Field("neuron/kind", \.neurons.kind),
      Field("neuron/v0", \.neurons.v0),
      Field("neuron/u0", \.neurons.u0),
      Field("neuron/decay", \.neurons.decay),
      Field("neuron/decay_exponent", \.neurons.decayExponent),
      Field("neuron/synapse_decay", \.neurons.synapseDecay),
      Field("neuron/synapse_decay_exponent", \.neurons.synapseDecayExponent),
      Field("neuron/gain", \.neurons.gain),
      Field("neuron/weight_exponent", \.neurons.weightExponent),
      Field("neuron/bias", \.neurons.bias),
      Field("neuron/threshold", \.neurons.threshold),
      Field("neuron/reset", \.neurons.reset),
      Field("neuron/reset_mode", \.neurons.resetMode),
      Field("neuron/refractory", \.neurons.refractory),
      Field("neuron/kick", \.neurons.kick),
      Field("neuron/floor", \.neurons.floor),
      Field("neuron/start", \.neurons.start),
      Field("neuron/stop", \.neurons.stop),
      Field("neuron/column", \.neurons.column),
      Field("neuron/scale", \.neurons.scale),
      Field("neuron/population", \.neurons.population),
      Field("neuron/index", \.neurons.index),
      Field("neuron/noise/mantissa", \.neurons.noise.mantissa),
      Field("neuron/noise/exponent", \.neurons.noise.exponent),
      Field("neuron/noise/mask", \.neurons.noise.mask),
      Field("neuron/noise/stream", \.neurons.noise.stream),
      Field("neuron/additive/leak_mode", \.neurons.additive.leakMode),
      Field("neuron/additive/negative_threshold", \.neurons.additive.negativeThreshold),
      Field("neuron/additive/negative_mode", \.neurons.additive.negativeMode),
      Field(optional: "neuron/additive/stochastic_types", \.neurons.additive.stochasticTypes),
      Field("neuron/capacitance/membrane", \.neurons.capacitance.membrane),
      Field("neuron/capacitance/node", \.neurons.capacitance.node),
      Field("neuron/capacitance/crosspoint", \.neurons.capacitance.crosspoint),
      Field("neuron/capacitance/wire", \.neurons.capacitance.wire),
      Field("neuron/capacitance/coupling", \.neurons.capacitance.coupling),
      Field("neuron/capacitance/total", \.neurons.capacitance.total),
    ]
  }

  private static var programFields: [Field] {
    [
      Field("program/state_count", \.programs.stateCount),
      Field("program/passes", \.programs.passes),
      Field("program/begin", \.programs.begin),
      Field("program/body", \.programs.body),
      Field("program/instruction", \.programs.instruction),
      Field("program/constant_begin", \.programs.constantBegin),
      Field("program/constant", \.programs.constant),
      Field("program/table_begin", \.programs.tableBegin),
      Field("program_table/origin", \.programs.tableOrigin),
      Field("program_table/segment_bits", \.programs.tableSegmentBits),
      Field("program_table/begin", \.programs.tableEntryBegin),
      Field("program_table/entry", \.programs.tableEntry),
      Field("program_neuron/row", \.programs.neuron),
      Field("program_neuron/program", \.programs.program),
      Field("program_neuron/state_begin", \.programs.stateBegin),
      Field("program_neuron/state", \.programs.state),
      Field("program_neuron/parameter_begin", \.programs.parameterBegin),
      Field("program_neuron/parameter", \.programs.parameter),
    ]
  }

  private static var routeFields: [Field] {
    [
      Field("route/begin", \.routes.begin),
      Field("route/kind", \.routes.kind),
      Field("route/core", \.routes.core),
      Field("route/axon", \.routes.axon),
      Field("route/delay", \.routes.delay),
      Field("input/begin", \.inputs.begin),
      Field("input/core", \.inputs.core),
      Field("input/axon", \.inputs.axon),
      Field("input/delay", \.inputs.delay),
      Field("poisson/neuron", \.poisson.neuron),
      Field("poisson/weight", \.poisson.weight),
      Field("poisson/stream", \.poisson.stream),
      Field("poisson/table", \.poisson.table),
      Field("poisson_table/begin", \.poisson.tableBegin),
      Field("poisson_table/threshold", \.poisson.threshold),
      Field("output/neuron", \.outputs.neuron),
      Field("output/kind", \.outputs.kind),
      Field("output/from", \.outputs.from),
      Field("output/to", \.outputs.to),
    ]
  }
}
