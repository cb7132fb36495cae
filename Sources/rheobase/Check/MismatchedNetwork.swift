import ChipModel
import Compiler
import Foundation
import NetworkIR
import ReferenceModel

/// How far the devices of one chip are off, in standard deviations.
enum DeviceOffsets: Sendable {
  /// Every device on its own, drawn.
  case drawn(MismatchDraws)
  /// All devices of a kind alike.
  case corner(Corner)

  struct Corner: Encodable, Sendable, Equatable {
    var capacitance: Double
    var leak: Double
    var threshold: Double
    var weight: Double

    /// All sixteen, `sigmas` standard deviations off.
    static func all(sigmas: Double) -> [Corner] {
      (0..<16).map { k in
        func sign(_ bit: Int) -> Double { k >> bit & 1 == 0 ? -sigmas : sigmas }
        return Corner(capacitance: sign(0), leak: sign(1), threshold: sign(2), weight: sign(3))
      }
    }
  }

  /// Of the four kinds that a neuron has: capacitance, leak, threshold; the fourth is not used.
  fileprivate func neuron(_ number: Int) -> (capacitance: Double, leak: Double, threshold: Double) {
    switch self {
    case .drawn(let draws):
      let (capacitance, leak, threshold, _) = draws.block(number, stream: 0)
      return (capacitance, leak, threshold)
    case .corner(let corner): return (corner.capacitance, corner.leak, corner.threshold)
    }
  }

  /// Of the crosspoints of one connection or stimulus.
  fileprivate func weights(_ count: Int, stream: Int) -> [Double] {
    switch self {
    case .drawn(let draws): draws.numbers(count, stream: stream)
    case .corner(let corner): [Double](repeating: corner.weight, count: count)
    }
  }
}

/// What turns volts and farads into the numbers of a core network, per population.
struct DeviceScales: Sendable {
  /// Codes per volt.
  var codesPerVolt: [Double]
  /// C_membrane / C_total: only the drawn capacitor spreads.
  var drawnShare: [Double]
  var integrator: Dynamics.Integrator

  init(_ compilation: Compilation, integrator: Dynamics.Integrator) {
    codesPerVolt = zip(compilation.ladder.populations, compilation.populations).map { parameters, codes in
      parameters.scale / (codes.voltsPerUnit ?? 1)
    }
    drawnShare = compilation.populations.map { 1 / $0.capacitanceRatio }
    self.integrator = integrator
  }
}

extension CoreNetwork {
  /// The network of a chip whose devices are off. With ζ the offsets in standard deviations, per neuron:
  /// ```
  /// c = 1 + ζ_C·σ_C·C_membrane/C_total      total capacitance, relative
  /// l = 1 + ζ_L·σ_L                         leak packet, relative
  /// λ' = λ·l/c (euler),  1 − (1 − λ)^(l/c) (exponential)
  /// steps, constant drive and kick / c      they are charges
  /// θ' = θ + ζ_T·σ_T                        the comparator's offset
  /// w' = w·(1 + ζ_W·σ_W)                    every crosspoint on its own
  /// ```
  /// Registers are two bits wider than the chip's: the compiler lays a threshold close to the end of its register, and an offset must
  /// not take it out of reach, as a membrane has no such end.
  ///
  /// Factors stop at 0. Unchanged: what a reset leaves behind, the leak of synaptic currents, partial sums, noise. Parameters need not be
  /// whole codes here; what is added to a register is rounded as before.
  func mismatched(
    _ mismatch: Chip.Electrical.Mismatch, _ offsets: DeviceOffsets, scales: DeviceScales
  ) -> CoreNetwork {
    var network = self
    network.registers?.datapath.stateBits += 2
    var number = 0
    for p in populations.indices {
      for i in 0..<populations[p].size {
        let (capacitance, leak, threshold) = offsets.neuron(number)
        number += 1
        let c = max(1 + capacitance * mismatch.capacitance * scales.drawnShare[p], 1e-3)
        let l = max(1 + leak * mismatch.leak, 0)
        let own = populations[p].decay[i]
        network.populations[p].decay[i] =
          scales.integrator == .euler || own >= 1
          ? min(own * l / c, 1) : -expm1(l / c * log1p(-own))
        network.populations[p].gain[i] /= c
        network.populations[p].constant[i] /= c
        network.populations[p].initialCurrent[i] /= c
        network.populations[p].kick[i] /= c
        network.populations[p].threshold?[i] += threshold * mismatch.threshold * scales.codesPerVolt[p]
      }
      network.populations[p].decayExponent = nil
    }
    func scale(_ weights: inout [Double], stream: Int) {
      for (k, offset) in offsets.weights(weights.count, stream: stream).enumerated() {
        weights[k] *= max(1 + offset * mismatch.weight, 0)
      }
    }
    var stream = 1
    for k in connections.indices {
      scale(&network.connections[k].weight, stream: stream)
      stream += 1
    }
    for p in populations.indices {
      for s in populations[p].poisson.indices {
        scale(&network.populations[p].poisson[s].weight, stream: stream)
        stream += 1
      }
    }
    return network
  }
}
