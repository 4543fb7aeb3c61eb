import Foundation
import PluginKit
import Pipelines
import StrategyModules
import Testing
import Trading

/// The values of an expression over candles, as `finstage eval` prints them.
func values(_ expression: String, _ candles: CandleSeries) throws -> [Double] {
  try #require(try Evaluation([expression], registry: bundled).columns(over: Market(candles)).first)
}

/// As text, so that no value equals no value: `1 _ 0`.
func shown(_ values: [Double]) -> String {
  values.map { $0.isNaN ? "_" : Figure($0).description }.joined(separator: " ")
}

@Suite struct ExpressionTests {
  @Test(
    "operators bind in the order of the contract",
    arguments: [
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("16 / 4 / 2", 2), ("2 * 3 / 4", 1.5),
      ("-2 * 3", -6), ("2 - -3", 5), ("- - 2", 2), ("-close[1] + 1", -99), ("-close * 2", -206),
      ("50% * 4", 2), ("1e2 + .5", 100.5), ("if(1 + 1 == 2 and 3 < 4, 1, 0)", 1),
      ("if(1 > 2 or 3 > 2 and 1 > 2, 1, 0)", 0), ("if(not 1 > 2 and 2 > 1, 1, 0)", 1),
      ("if(not (1 > 2 or 2 > 1), 1, 0)", 0), ("if(not not 2 > 1, 1, 0)", 1), ("if(1 > 2 == false, 1, 0)", nil),
      ("if(close > open[1] + 2, 1, 0)", 1), ("close[1][1]", 90), ("(close - 3)[2]", 87),
      ("macd(close, 2, 3, 2).line[0] * 0", nil),
    ] as [(String, Double?)])
  func precedence(_ expression: String, _ value: Double?) throws {
    // Closes 80, 90, 100, 103: the last bar counts, and too few bars for MACD.
    let series = try candles("80 90 100 103")
    do {
      let last = try values(expression, series).last ?? .nan
      #expect(value == nil ? last.isNaN || last == 0 : last == value)
    } catch let faults as Evaluation.Faults {
      #expect(value == nil, "\(faults.diagnostics.map(\.description))")
    }
  }

  /// Close is 1 where the first digit is true, 0 where it is false and missing through a division by zero where it is
  /// unknown; open likewise for the second.
  private static let pairs = "TT TF TU FT FF FU UT UF UU".split(separator: " ").map(Array.init)

  private static func truths() -> CandleSeries {
    func value(_ truth: Character) -> Double { truth == "T" ? 2 : truth == "F" ? 1 : 0 }
    // A close of 0 makes x / x unknown without a missing bar.
    let columns = (pairs.map { value($0[0]) }, pairs.map { value($0[1]) })
    return StrategyTest.candles(
      closes: columns.0, opens: columns.1, highs: columns.0.map { _ in 3 }, lows: columns.0.map { _ in 0 })
  }

  @Test(
    "conditions are three-valued",
    arguments: [
      ("A and B", "1 0 _ 0 0 0 _ 0 _"), ("A or B", "1 1 1 1 0 _ 1 _ _"), ("not A", "0 0 0 1 1 1 _ _ _"),
      ("not (A and B)", "0 1 _ 1 1 1 _ 1 _"), ("(not A) or (not B)", "0 1 _ 1 1 1 _ 1 _"),
      ("if(A, 5, 6)", "5 5 5 6 6 6 _ _ _"), ("if(A, B, not B)", "1 0 _ 0 1 _ _ _ _"),
      ("coalesce(A, B)", "1 1 1 0 0 0 1 0 _"),
      // Over the bars: A is T T T F F F U U U.
      ("within(A, 2)", "1 1 1 1 0 0 _ _ _"), ("within(A, 4)", "1 1 1 1 1 1 _ _ _"),
      ("every(A, 2)", "_ 1 1 0 0 0 0 _ _"), ("every(A, 1)", "1 1 1 0 0 0 _ _ _"),
      ("count(A, 2)", "_ 2 2 1 0 0 _ _ _"), ("count(A, 1)", "1 1 1 0 0 0 _ _ _"),
      ("since(A)", "0 0 0 1 2 3 4 5 6"), ("since(not A)", "_ _ _ 0 0 0 1 2 3"),
      ("value_when(A, open)", "2 1 0 0 0 0 0 0 0"), ("A[1]", "_ 1 1 1 0 0 0 _ _"),
    ])
  func truthTables(_ expression: String, _ expected: String) throws {
    let written = expression.replacingOccurrences(of: "A", with: "(close / close * close > 1)")
      .replacingOccurrences(of: "B", with: "(open / open * open > 1)")
    #expect(try shown(values(written, ExpressionTests.truths())) == expected)
  }

  @Test(
    "functions give what the contract says",
    arguments: [
      ("change(close)", "_ 1 -0.5 2"), ("change(close, 2)", "_ _ 0 0.5"), ("sum(close, 2)", "_ 3 3 4"),
      ("abs(close - 2)", "1 0 1 1"), ("min(close, 2, 1.5)", "1 1.5 1 1.5"), ("max(close, open)", "1 2 2 3"),
      ("sqrt(close - 1)", "0 1 0 1.4142"), ("log(close)", "0 0.6931 0 1.0986"), ("log(close - 1)", "_ 0 _ 0.6931"),
      ("sqrt(close - 2)", "_ 0 _ 1"), ("1 / (close - 1)", "_ 1 _ 0.5"), ("close[2]", "_ _ 1 2"),
      ("crosses_above(close, 1.5)", "0 1 0 1"), ("crosses_below(close, 1.5)", "_ 0 1 0"),
      ("crosses_above(1.5, close)", "_ 0 1 0"), ("crosses_above(close, close[1])", "_ _ 0 1"),
      ("crosses_above(close, 1)", "0 1 0 1"), ("crosses_above(close, 2)", "0 0 0 1"),
      ("highest(close, 2) - lowest(close, 2)", "_ 1 1 2"), ("close != 2", "1 0 1 1"), ("close == 2", "0 1 0 0"),
      ("close >= 2", "0 1 0 1"), ("close <= 2", "1 1 1 0"), ("close > 50%", "1 1 1 1"),
    ])
  func functions(_ expression: String, _ expected: String) throws {
    #expect(try shown(values(expression, candles("1 2 1 3"))) == expected)
  }

  @Test("nothing crosses where a value of the bar before is missing") func crossingNeedsFourValues() throws {
    // Not above is not crossed, whatever was before; above needs to know.
    #expect(try shown(values("crosses_above(close, 2)", candles("1 _ 3 1 3"))) == "0 _ _ 0 1")
  }

  @Test("equal terms are one node, across steps, names and modules") func equalTermsAreOneNode() throws {
    let one = try #require(strategy("  - { id: a, buy: 'close > sma(close, 20)' }"))
    let written = try #require(
      strategy(
        "  - { id: a, buy: 'close > average and close > sma( close , 10 + 10 )' }\n  - { id: b, buy: '(close) > sma(close)' }\n",
        "signal: a\nlet: { average: 'sma(close, length)' }\nparams: { length: { default: 20 } }"))
    func averages(_ graph: Graph) -> Int {
      graph.nodes.count { if case .indicator("sma", _) = $0.kind { true } else { false } }
    }
    #expect(averages(one.graph) == 1)
    #expect(averages(written.graph) == 1)

    let module = try #require(strategy("  - { id: a, module: ma_breakout, with: { period: 20 } }"))
    var graph = module.graph
    let places = graph.merge(one.graph)
    #expect(places.count == one.graph.nodes.count)
    #expect(averages(graph) == 1)
    let merged = graph.nodes.count
    _ = graph.merge(module.graph)
    _ = graph.merge(one.graph)
    #expect(graph.nodes.count == merged)
  }

  @Test("a chain of doublings stays as short as it is written") func doublingsAreShared() throws {
    let definitions = "let:\n  a0: close\n" + (1...60).map { "  a\($0): a\($0 - 1) + a\($0 - 1)\n" }.joined()
    let doubled = try #require(strategy("  - { id: s, buy: a60 > 1 }", definitions))
    #expect(doubled.graph.nodes.count < 70)
  }

  @Test("warm-up and reach come from the graph") func warmUpComesFromTheGraph() throws {
    let slow = try #require(strategy("  - { id: a, buy: 'sma(close, 20)[3] > ema(close, 14) and close > 1' }"))
    let series = try candles("100x60")
    let result = try run([slow], over: series)
    #expect(result.first?.firstBuy == 22)
    #expect(result.first?.firstSell == nil)
    // The twentieth bar back is the one that leaves the window.
    #expect(slow.graph.reach == 19)
  }
}
