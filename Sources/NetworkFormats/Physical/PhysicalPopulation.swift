import Diagnostics
import Documents
import NetworkIR
import Quantities

/// One entry of `populations`, in SI units.
struct PhysicalPopulation {
  /// What a file can name.
  enum Model: String, CaseIterable {
    case lif
    case integrateAndFire = "if"
    case cubalif
    case qif, eif, adex, izhikevich, gif

    /// Nil for the models with a plain membrane.
    var equations: EquationModel? { EquationModel.all.first { $0.name == rawValue } }
    fileprivate var membrane: PhysicalMembrane.Model? {
      switch self {
      case .lif: .lif
      case .integrateAndFire: .integrateAndFire
      case .cubalif: .cubalif
      case .qif, .eif, .adex, .izhikevich, .gif: nil
      }
    }
  }
  private enum Kind {
    case membrane(PhysicalMembrane)
    case equations(PhysicalModel)
  }

  /// Neurons and channels of one file, together.
  static let largestSize = 1 << 22

  let name: String
  let size: Int
  /// Farad; nil where the model counts currents in volts per second.
  let capacitance: Double?
  private let kind: Kind

  /// Nil after the problem has been reported. The name is registered even then, so that projections
  /// to a broken population are not reported as well.
  init?(_ cursor: Cursor, dynamics: Dynamics, names: inout PhysicalNames) {
    let name = cursor.string("name")
    let isNew = name.map { names.add(.population, $0, at: cursor) } ?? false
    let size = cursor.integer("size", in: 1...Self.largestSize)
    let model = cursor.oneOf("model", as: Model.self)
    if let equations = model?.equations {
      guard let own = PhysicalModel(equations, cursor), let name, isNew, let size else { return nil }
      kind = .equations(own)
      capacitance = own.capacitance
      self.name = name
      self.size = size
    } else {
      let membrane = PhysicalMembrane(
        model?.membrane, cursor, name: name, size: size, dynamics: dynamics)
      guard let membrane, isNew else { return nil }
      kind = .membrane(membrane)
      capacitance = membrane.capacitance
      self.name = membrane.name
      self.size = membrane.size
    }
  }

  func population(_ dynamics: Dynamics) -> Population {
    switch kind {
    case .membrane(let membrane): membrane.population(dynamics)
    case .equations(let model): model.population(name: name, size: size, dt: dynamics.dt)
    }
  }

  var manifestEntry: FidelityManifest.Entry {
    switch kind {
    case .membrane(let membrane): membrane.manifestEntry
    case .equations(let model): .init(node: name, type: model.model.title, fidelity: .exact)
    }
  }

  /// Whether random currents may flow into it: a program has no noise.
  var takesNoise: Bool {
    if case .membrane = kind { true } else { false }
  }

  /// How a constant current into the population is written.
  var currentDimension: Dimension { capacitance == nil ? .volts - .seconds : .amperes }
}
