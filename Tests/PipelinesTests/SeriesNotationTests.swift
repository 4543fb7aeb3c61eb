import Pipelines
import Testing

/// The notation of test series.
@Suite struct SeriesNotationTests {
  @Test(
    "a series is written as values, repetitions and steps",
    arguments: [
      ("100x3", [100, 100, 100]), ("101+1x5", [101, 102, 103, 104, 105]), ("110-0.5x4", [110, 109.5, 109, 108.5]),
      ("100x2 103", [100, 100, 103]), ("1, 2,3", [1, 2, 3]), ("-1", [-1]), ("-1+1x3", [-1, 0, 1]), ("1e3", [1000]),
      ("  7  ", [7]), ("100x2\n  101", [100, 100, 101]),
    ])
  func reads(_ text: String, _ values: [Double]) throws {
    #expect(try SeriesNotation.values(of: text) == values)
  }

  @Test("an underscore is a missing bar") func readsMissingBars() throws {
    let values = try SeriesNotation.values(of: "5 _x2 _ 6")
    #expect(values.map(\.isNaN) == [false, true, true, true, false])
  }

  @Test(
    "what is no series is refused under the word that is wrong",
    arguments: [
      ("100x30 abc", 7..<10), ("100x", 0..<4), ("x30", 0..<3), ("100x0", 0..<5), ("100x-2", 0..<6), ("100x2x3", 0..<7),
      ("100+1", 0..<5), ("100+1+1x3", 0..<9), ("1 nan", 2..<5), ("1 inf", 2..<5), ("0y10", 0..<4), ("1 1e999", 2..<7),
      ("_y", 0..<2), ("", 0..<1), ("1e308+1e308x9", 0..<13),
    ])
  func refuses(_ text: String, _ range: Range<Int>) {
    let fault = #expect(throws: SeriesNotation.Fault.self) { try SeriesNotation.values(of: text) }
    #expect(fault?.range == range)
  }

  @Test("a series has a longest length, however it is written") func refusesLongSeries() {
    #expect(throws: SeriesNotation.Fault.self) { try SeriesNotation.values(of: "1x100001") }
    #expect(throws: SeriesNotation.Fault.self) { try SeriesNotation.values(of: "1x60000 2x60000") }
    #expect(throws: SeriesNotation.Fault.self) { try SeriesNotation.values(of: "1x99999999999999999999") }
  }
}
