import FixedPoint

/// Probabilities of integer codes: what the accumulator of a neuron gets in one tick.
public struct CodeDistribution: Sendable, Equatable {
  /// Ascending.
  public private(set) var codes: [Int64]
  public private(set) var probabilities: [Double]

  /// 0 for certain.
  public static let zero = CodeDistribution(codes: [0], probabilities: [1])

  private init(codes: [Int64], probabilities: [Double]) {
    self.codes = codes
    self.probabilities = probabilities
  }

  private init(_ sums: [Int64: Double]) {
    let kept = sums.filter { $0.value > 1e-18 }.sorted { $0.key < $1.key }
    self.init(codes: kept.map(\.key), probabilities: kept.map(\.value))
  }

  /// weight · k, k drawn from a chip's table: the number of thresholds that are ≤ 32 random bits.
  ///
  /// P(k = 0) = t_0/2^32, P(k) = (t_k − t_{k−1})/2^32, and what is left for the last.
  public init(poissonThresholds thresholds: some Sequence<UInt32>, weight: Int64) {
    var sums: [Int64: Double] = [:]
    var last = 0.0
    var count: Int64 = 0
    for threshold in thresholds {
      sums[count * weight, default: 0] += (Double(threshold) - last) / 0x1p32
      last = Double(threshold)
      count += 1
    }
    sums[count * weight, default: 0] += 1 - last / 0x1p32
    self.init(sums)
  }

  /// Every one of the values with the same probability; values may repeat.
  init(uniform values: some Sequence<Int64>) {
    var sums: [Int64: Double] = [:]
    var count = 0.0
    for value in values {
      sums[value, default: 0] += 1
      count += 1
    }
    self.init(sums.mapValues { $0 / count })
  }

  /// Distribution of the sum of two independent codes. Parts below 1e-18 are dropped.
  public func adding(_ other: CodeDistribution) -> CodeDistribution {
    if other == .zero { return self }
    var sums: [Int64: Double] = [:]
    for (code, p) in zip(codes, probabilities) where p > 0 {
      for (second, q) in zip(other.codes, other.probabilities) { sums[code + second, default: 0] += p * q }
    }
    return CodeDistribution(sums)
  }

  /// Distribution of a function of the code.
  public func mapped(_ transform: (Int64) -> Int64) -> CodeDistribution {
    var sums: [Int64: Double] = [:]
    for (code, p) in zip(codes, probabilities) { sums[transform(code), default: 0] += p }
    return CodeDistribution(sums)
  }

  public var mean: Double { zip(codes, probabilities).reduce(0) { $0 + Double($1.0) * $1.1 } }

  public var variance: Double {
    let mean = mean
    return zip(codes, probabilities).reduce(0) { sum, term in
      let off = Double(term.0) - mean
      return sum + off * off * term.1
    }
  }
}
