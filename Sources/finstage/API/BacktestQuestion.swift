import ArgumentParser
import Backtesting
import HTTPAPI
import Pipelines
import Reporting
import Trading

typealias BacktestJobs = WorkJobs<BacktestQuestion>

/// What a backtest is asked for, as the command's options say it.
struct BacktestQuestion: WorkQuestion {
  struct Answer: Sendable {
    /// What `finstage backtest --format json` prints.
    let text: String
    /// The best first, by language.
    let league: [String: (verdicts: [String], table: DashboardTable)]
    /// The report; nil where there are too many results for one page.
    let report: DashboardFragment?
  }

  static let kind = "backtest"
  static func place(of job: Int) -> String { "/api/v1/backtests/\(job)/result" }

  /// Names of strategies; all of them where none is named.
  var strategies: [String] = []
  var symbol: String?
  /// `--from 2008-01-31`, word by word.
  var options: [String] = []

  /// Results that a page can show in full.
  private static let shown = 24

  var fields: [(String, JSONValue)] {
    [
      ("strategies", .array(strategies.map { .string($0) })), ("symbol", symbol.map { .string($0) } ?? .null),
    ]
  }

  func answer(_ workspace: Workspace, _ progress: WorkProgress) async throws -> (answer: Answer, failures: [String]) {
    let replay = try ReplayOptions.parse(self.options)
    var options = try replay.options()
    options.outcomesInDetail = true
    let lengths: Set<Timeframe>? = if let symbol { try await workspace.lengths(of: symbol) } else { nil }
    var plan = try BacktestPlan(
      workspace, strategies: strategies, data: [], symbol: symbol, takesBooks: true, takesAlerts: !strategies.isEmpty,
      tryingAt: lengths)
    progress.begin(of: plan.size)
    let outcome = try await plan.run(options) { _ in progress.step() }
    try Task.checkCancellation()
    let (results, selections) = try LedgerOption.parse([]).place(in: workspace).correct(outcome)
    guard !results.isEmpty else { throw Failure(.unusable, plan.failures.joined(separator: "\n")) }
    var league: [String: (verdicts: [String], table: DashboardTable)] = [:]
    for language in ["en", "ko"] {
      league[language] = DashboardFigures(language: language).league(results, selections) { result in
        DashboardPath.strategy(result.strategy, symbol: result.symbol)
      }
    }
    let report: DashboardFragment? =
      try results.count > BacktestQuestion.shown
      ? nil
      : HTMLReport(
        results: results, selections: selections, candles: outcome.candles, strategies: plan.titles,
        settings: replay.described, version: Finstage.version
      ).fragment()
    let text = try BacktestReport(results, selections: selections).json()
    return (Answer(text: text, league: league, report: report), plan.failures)
  }
}
