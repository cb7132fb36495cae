import GoldenChecks
import TestSupport

typealias GoldenNeurons = GoldenChecks.GoldenNeurons

func goldenTable(_ name: String) throws -> [GoldenRow] { try GoldenTable.rows("ReferenceModel", name) }
