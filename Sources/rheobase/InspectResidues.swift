import ChipModel
import Compiler
import Foundation
import ProgramImage
import Quantities
import Reports

/// What the capacitances of a program's columns do to its populations: how much of a step arrives, and what no choice of codes cancels.
/// Empty for a digital chip, and for a program that does not say.
func residueText(_ image: ProgramImage) -> String {
  struct Stored: Decodable { var populations: [PopulationCodes] }
  guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(image.networkText.utf8)),
    stored.populations.contains(where: { $0.capacitance != nil })
  else { return "" }
  var table = TextTable([
    ("population", .left), ("C total", .right), ("C total / drawn", .right), ("step that arrives", .right),
    ("kick of a neighbour", .right), ("rest after a reset", .right), ("kT/C at 300 K", .right),
  ])
  for codes in stored.populations {
    guard let budget = codes.capacitance else { continue }
    table.add([
      codes.name, formatQuantity(budget.total, unit: "F"), decimal(codes.capacitanceRatio, places: 4),
      percent(codes.gain), codes.kickResidual.map(percent) ?? "", codes.resetResidual.map(percent) ?? "",
      formatQuantity(budget.thermalNoise(kelvin: 300), unit: "V"),
    ])
  }
  return "\nWhat the columns do (kick and rest in parts of the swing)\n" + table.text
}
