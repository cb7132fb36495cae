import ChipModel
import Diagnostics

extension ProgramImage {
  /// Everything that is wrong with the image: what docs/program-image.md requires of the arrays, and every limit
  /// of the chip (`Limits`). Empty for an image that can be run; nothing that an image with an empty list holds
  /// can make the emulator fail.
  ///
  /// The chip itself is taken as checked, which it is when it comes from `Chip.parse`. One diagnostic is made
  /// per rule, for the first entry that breaks it. If the arrays do not fit together, only that is reported.
  /// Places are paths within the file.
  ///
  /// **Cost:** one pass over every array.
  public func verify() -> [Diagnostic] {
    let verifier = Verifier(self)
    verifier.structure()
    guard verifier.problems.isEmpty else { return verifier.problems }
    verifier.program()
    verifier.cores()
    verifier.crossbar()
    verifier.neuronFields()
    verifier.neuronCodes()
    verifier.noiseCodes()
    verifier.additiveCodes()
    verifier.axonTypes()
    verifier.perEventCodes()
    verifier.axonSigns()
    verifier.programs()
    verifier.programmedNeurons()
    verifier.networkNames()
    verifier.routes()
    verifier.inputs()
    verifier.poisson()
    verifier.outputs()
    return verifier.problems
  }
}

/// Checks one image and collects what is wrong. A class, so that checks can look at the image in closures while
/// they add to the list.
final class Verifier {
  let image: ProgramImage
  let chip: Chip
  private(set) var problems: [Diagnostic] = []

  init(_ image: ProgramImage) {
    self.image = image
    chip = image.chip
  }

  func add(_ problem: Diagnostic?, at place: String) {
    guard var problem else { return }
    problem.place = place
    problems.append(problem)
  }

  /// Notes the first index at which `isWrong` holds, in a dataset of `count` entries.
  func first(
    _ place: String, _ count: Int, _ problem: String, expected: String? = nil,
    found: ((Int) -> String)? = nil, where isWrong: (Int) -> Bool
  ) {
    guard let index = (0..<count).first(where: isWrong) else { return }
    problems.append(
      Diagnostic(
        "image.\(place.split(separator: "/").joined(separator: "."))", place: "\(place)[\(index)]",
        problem: problem, found: found?(index), expected: expected))
  }

  /// Holds every value against one of the chip's ranges. Ranges are intervals, so the smallest and the largest
  /// value decide.
  func limit<Number: BinaryInteger>(
    _ place: String, _ values: [Number], subject: (Int) -> String,
    _ check: (Int, _ subject: String, Chip) -> Diagnostic?
  ) {
    var low = 0
    var high = 0
    for index in values.indices {
      if values[index] < values[low] { low = index }
      if values[index] > values[high] { high = index }
    }
    for index in values.isEmpty ? [] : low == high ? [low] : [low, high] {
      add(check(Int(values[index]), subject(index), chip), at: "\(place)[\(index)]")
    }
  }

  /// "neuron 17 (hidden 3)" with the population's name, where that is sound.
  func neuron(_ row: Int) -> String {
    let population = Int(image.neurons.population[row])
    guard image.populations.indices.contains(population) else { return "neuron row \(row)" }
    return "neuron row \(row) (\(image.populations[population].name) \(image.neurons.index[row]))"
  }

  func core(_ number: Int) -> String {
    "core \(number) at (\(image.cores.x[number]), \(image.cores.y[number]))"
  }

  /// Axons and neurons of a core.
  func axons(of core: Int) -> Int { Int(image.cores.axonBegin[core + 1] - image.cores.axonBegin[core]) }
  func neurons(of core: Int) -> Int { Int(image.cores.neuronBegin[core + 1] - image.cores.neuronBegin[core]) }
}
