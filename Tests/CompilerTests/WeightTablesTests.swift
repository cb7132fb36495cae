import NetworkIR
import TestSupport
import Testing

@testable import Compiler

/// Weights as sums of a few per neuron.
@Suite struct WeightTablesTests {
  private func matrix(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Double) -> SparseMatrix<Double> {
    SparseMatrix(
      begin: (0...rows).map { $0 * columns },
      column: (0..<rows).flatMap { _ in (0..<columns).map(Int32.init) },
      value: (0..<rows).flatMap { i in (0..<columns).map { value(i, $0) } }, columns: columns)
  }

  /// Four axons per source hold every 4-bit weight of two's complement, at any scale per neuron.
  @Test func fourBitsAreExact() {
    let wanted = matrix(6, 40) { i, j in Double((j * (i + 3)) % 16 - 8) * Double(3 + 4 * i) }
    let tables = WeightTables([wanted], lsb: 1, types: 4, axons: 160, codeMaximum: 255)
    #expect(tables.squaredError == 0)
    #expect(tables.codes(like: [wanted]).codes[0].value.map(Double.init) == wanted.value)
  }

  /// Fewer axons cost accuracy, and no neuron gets more than there are; parts sum to the codes.
  @Test func axonsAreKept() {
    var random = SeededGenerator(state: 5)
    let wanted = matrix(10, 64) { _, _ in Double(random.int(-1000...1000)) / 4 }
    var errors: [Double] = []
    for axons in [64, 100, 128, 192, 256] {
      let tables = WeightTables([wanted], lsb: 1, types: 4, axons: axons, codeMaximum: 255)
      errors.append((tables.squaredError / 640).squareRoot() / 250)
      let (codes, types) = tables.codes(like: [wanted])
      var sums = [Int32](repeating: 0, count: 640)
      var used = 0
      for part in types[0] {
        used += Set(part.matrix.column).count
        for i in 0..<10 {
          for k in part.matrix.range(i) {
            sums[i * 64 + Int(part.matrix.column[k])] += Int32(part.matrix.value[k])
          }
          // A neuron has one weight per type.
          #expect(Set(part.matrix.value[part.matrix.range(i)]).count <= 1)
        }
      }
      #expect(used <= axons)
      #expect(sums == codes[0].value)
    }
    #expect(errors == errors.sorted(by: >) && Set(errors).count == errors.count)
    #expect(errors[4] < 0.045 && errors[0] < 0.577)
  }
}
