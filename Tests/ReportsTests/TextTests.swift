import Reports
import Testing

@Suite struct TextTests {
  @Test func tableAlignsAndDropsEmptyColumns() {
    var table = TextTable([("name", .left), ("n", .right), ("empty", .left), ("last", .left)])
    table.add(["a", "12", "", "x"])
    table.add(["long", "3"])
    #expect(table.text == "name   n  last\na     12  x\nlong   3\n")
  }

  @Test func labelsShareAColumn() {
    #expect(labelledLines([("a", "x"), ("long", "y")]) == "a     x\nlong  y\n")
  }

  @Test(arguments: [
    (0.005, 2, "0.01"), (1234.5, 1, "1234.5"), (-0.001, 2, "0.00"), (-1.5, 0, "-2"), (0, 2, "0.00"),
    (99.999, 2, "100.00"), (-0.07, 2, "-0.07"),
  ])
  func decimals(value: Double, places: Int, expected: String) {
    #expect(decimal(value, places: places) == expected)
  }

  @Test func shares() {
    #expect(percent(0.96889) == "96.89 %")
    #expect(signedPercent(0.0125) == "+1.25 %")
    #expect(signedPercent(-0.003) == "-0.30 %")
    #expect(signedPercent(0) == "0.00 %")
  }
}
