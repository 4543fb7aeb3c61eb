import Backtesting
import Pipelines
import PluginKit
import StrategyModules
import Testing
import Trading

@testable import Insights

/// What is said of forecasts: by hand, on chance, and on what can be forecast.
@Suite struct ForecastTests {
  @Test func `scores and reliability by hand`() {
    // Two bars on: up, up, down, flat. A flat close is no rise.
    let closes = [1.0, 2, 3, 4, 2, 4]
    let verdict = ForecastVerdict(
      chances: [0.8, 0.6, 0.3, 0.5, 0.9, 0.9], bases: Array(repeating: 0.5, count: 6), closes: closes, horizon: 2)
    #expect(verdict.count == 4)
    // (0.2² + 0.4² + 0.3² + 0.5²) / 4 = 0.135 against 0.25.
    #expect(near(verdict.brier, 0.135, 1e-12) && near(verdict.baseBrier, 0.25, 1e-12))
    #expect(near(verdict.skill, 1 - 0.135 / 0.25, 1e-12))
    #expect(verdict.bins.map(\.count) == [1, 1, 1, 1] && verdict.bins.map(\.rose) == [0, 0, 1, 1])
    // (|0.3 − 0| + |0.5 − 0| + |0.6 − 1| + |0.8 − 1|) / 4.
    #expect(near(verdict.calibrationError, 0.35, 1e-12))
    #expect(verdict.verdict == .tooFew && verdict.p == nil)
  }

  @Test func `what is missing is not judged`() {
    let verdict = ForecastVerdict(
      chances: [.nan, 0.5, 0.5], bases: [0.5, .nan, 0.5], closes: [1, 2, 3], horizon: 1)
    #expect(verdict.count == 0 && verdict.brier == nil && verdict.skill == nil && verdict.bins.isEmpty)
  }

  /// Whether a model is called better on closes, with a small training.
  private func verdicts(_ closes: [Double]) throws -> [ForecastVerdict] {
    let candles = daily(closes)
    let settings = ["horizon": 1.0, "window": 100, "every": 100, "gap": 2]
    let features: [Term] = [
      Term.close.change(), Term.close.change(3), Term.close.change(10), .indicator("rsi", .close), 1, 1,
    ]
    return try [("logistic_forecast", [:]), ("boosted_forecast", ["rounds": 10.0])].map { id, more in
      let all = settings.merging(more) { $1 }
      let terms = [0, 1].map { Term.call(id, [.close] + features, all, output: $0) }
      let found = try columns(of: terms, over: Market(candles), registry: bundled)
      return ForecastVerdict(chances: found[0], bases: found[1], closes: closes, horizon: 1, level: 0.025)
    }
  }

  @Test func `on random walks it says no better than the base rate in 95 of 100`() throws {
    var better = 0
    for seed in UInt64(1)...100 {
      var normal = Normal(seed: seed)
      let found = try verdicts(normal.closes(520))
      #expect(found.allSatisfy { $0.count > 350 })
      if found.contains(where: { $0.verdict != .noBetter }) { better += 1 }
    }
    #expect(better <= 5, "\(better) of 100")
  }

  @Test func `where moves turn back it is found by both models`() throws {
    for seed in UInt64(1)...3 {
      var normal = Normal(seed: seed)
      for verdict in try verdicts(normal.closes(900, following: -0.7)) {
        #expect(verdict.verdict == .better && (verdict.skill ?? 0) > 0.05)
        #expect((verdict.calibrationError ?? 1) < 0.15)
      }
    }
  }

  @Test func `the edge of the indicator is the score of the verdict`() throws {
    var normal = Normal(seed: 3)
    let closes = normal.closes(500)
    let features: [Term] = [Term.close.change(), Term.close.change(3), 1, 1, 1, 1]
    let settings = ["horizon": 4.0, "window": 60, "every": 40, "gap": 2]
    let terms = (0..<3).map { Term.call("logistic_forecast", [.close] + features, settings, output: $0) }
    let found = try columns(of: terms, over: Market(daily(closes)), registry: bundled)
    let verdict = ForecastVerdict(chances: found[0], bases: found[1], closes: closes, horizon: 4)
    let edge = try #require(found[2].last)
    #expect(near(verdict.score, edge, 1e-9))
  }

  @Test func `what is learnt at a bar does not know the bars that follow`() throws {
    var normal = Normal(seed: 6)
    let closes = normal.closes(900)
    var changed = closes
    for bar in 700..<900 { changed[bar] *= 1 + 0.05 * Double(bar % 4) }
    let terms = (0..<3).map { output in
      Term.call(
        "boosted_forecast", [.close, Term.close.change(), Term.close.change(5), 1, 1, 1, 1],
        ["window": 200, "rounds": 5], output: output)
    }
    let one = try columns(of: terms, over: Market(daily(closes)), registry: bundled)
    let other = try columns(of: terms, over: Market(daily(changed)), registry: bundled)
    for (a, b) in zip(one, other) {
      #expect(a[..<700].map(\.bitPattern) == b[..<700].map(\.bitPattern))
      #expect(a[700...].map(\.bitPattern) != b[700...].map(\.bitPattern))
    }
  }
}
