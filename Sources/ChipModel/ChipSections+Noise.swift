import Documents

extension ChipSections {
  /// `datapath.noise`; nil, with a diagnostic, where it is wrong.
  mutating func noise(_ cursor: Cursor) -> Chip.Noise? {
    let name = cursor.oneOf("generator", as: NoiseGeneratorName.self)
    let generator: Chip.Noise.Generator?
    switch name {
    case .counter?: generator = .counter
    case .lfsr?: generator = register(cursor).map { .register($0) }
    case nil:
      _ = cursor.has("taps")
      generator = nil
    }
    let hasMembrane = cursor.has("membrane")
    let hasThreshold = cursor.has("threshold")
    let hasLeak = cursor.has("leak")
    let hasSynapse = cursor.has("synapse")
    if !hasMembrane && !hasThreshold && !hasLeak && !hasSynapse {
      cursor.fail(
        "chip.noise", problem: "acts on nothing",
        expected: "membrane, leak, threshold, synapse or several of them",
        remedy: "A chip without noise has no datapath.noise")
      return nil
    }
    let membrane = cursor.optionalObject("membrane").flatMap { membraneNoise($0) }
    let threshold = cursor.optionalObject("threshold")
      .flatMap { constants.integer($0, "bits", in: 1...24) }.map { Chip.Noise.Threshold(bits: $0) }
    let leak = cursor.optionalObject("leak")
      .flatMap { constants.integer($0, "bits", in: 1...24) }.map { Chip.Noise.Leak(bits: $0) }
    let synapse = cursor.optionalObject("synapse")
      .flatMap { constants.integer($0, "bits", in: 1...16) }.map { Chip.Noise.Synapse(bits: $0) }
    guard let generator, membrane != nil || !hasMembrane, threshold != nil || !hasThreshold,
      leak != nil || !hasLeak, synapse != nil || !hasSynapse
    else { return nil }
    var noise = Chip.Noise(generator: generator, membrane: membrane, threshold: threshold)
    noise.leak = leak
    noise.synapse = synapse
    if noise.bitsPerNeuron > noise.wordBits {
      cursor.fail(
        "chip.noiseBits", problem: "uses more random bits per neuron than its generator gives",
        found: "\(noise.bitsPerNeuron)", expected: "at most \(noise.wordBits)")
    }
    return noise
  }

  private mutating func membraneNoise(_ cursor: Cursor) -> Chip.Noise.Membrane? {
    let bits = constants.integer(cursor, "bits", in: 1...16)
    let mantissa = constants.integer(cursor, "mantissaBits", in: 1...12)
    let exponents = range(cursor, "exponents", within: 0...15)
    let fraction = constants.integer(cursor, "fractionBits", in: 0...24)
    guard let bits, let mantissa, let exponents, let fraction else { return nil }
    return Chip.Noise.Membrane(
      bits: bits, mantissaBits: mantissa, exponents: exponents, fractionBits: fraction)
  }

  private func register(_ cursor: Cursor) -> Chip.Noise.Register? {
    guard let elements = cursor.array("taps") else { return nil }
    let taps = elements.compactMap { $0.asInteger(in: 1...32) }
    guard taps.count == elements.count else { return nil }
    // The feedback of a register of full period has an even number of taps.
    guard taps.count >= 2, taps.count.isMultiple(of: 2), zip(taps, taps.dropFirst()).allSatisfy({ $0 > $1 })
    else {
      cursor.any("taps")?.fail(
        "chip.noiseTaps", problem: "is no feedback of full period", found: "\(taps)",
        expected: "an even number of taps, descending, the first one the width of the register")
      return nil
    }
    return Chip.Noise.Register(taps: taps)
  }
}

private enum NoiseGeneratorName: String, CaseIterable { case counter, lfsr }
