internal import Backtesting

/// One column of the league: its head in two lines, what stands in it, and how much it matters.
struct LeagueColumn: Sendable {
  /// The two blocks that the table falls into where it is too wide.
  enum Part: Sendable, CaseIterable { case trading, signals }

  /// The head's upper line, shared by neighbouring columns.
  var group = ""
  let head: String
  /// How the column is called where it is left out.
  let name: String
  /// nil stands in both blocks.
  let part: Part?
  /// The lowest is left out first.
  let weight: Int
  /// Whether the sign is worth a colour.
  var tinted = false
  let figure: @Sendable (BacktestSummary) -> String?

  /// `corrected` adds what luck leaves, `dated` what came after the births of the rules.
  static func all(horizons: [Horizon], corrected: Bool, dated: Bool = false) -> [LeagueColumn] {
    let write = Figures.terminal
    var columns = [
      LeagueColumn(head: "symbol", name: "symbol", part: nil, weight: 9) {
        TerminalText.truncated(TerminalText.printable($0.symbol), to: 14)
      },
      LeagueColumn(head: "signals", name: "signals", part: .signals, weight: 5) { write.count($0.signalCount) },
    ]
    for (index, horizon) in horizons.enumerated() {
      columns.append(
        LeagueColumn(
          group: "win rate", head: horizon.label, name: "win rate after \(horizon.label)", part: .signals,
          weight: index == 1 ? 8 : 4
        ) { write.percent($0.outcome(after: horizon)?.successRate, signed: false) })
    }
    for (index, horizon) in horizons.enumerated() {
      columns.append(
        LeagueColumn(
          group: "mean return", head: horizon.label, name: "mean return after \(horizon.label)", part: .signals,
          weight: index == 1 ? 7 : 3
        ) { write.percent($0.outcome(after: horizon)?.meanReturn, digits: 2) })
    }
    columns += [
      LeagueColumn(head: "trades", name: "trades", part: .trading, weight: 4) { write.count($0.metrics.trades) },
      LeagueColumn(head: "return", name: "return", part: .trading, weight: 6) { write.percent($0.metrics.totalReturn) },
      LeagueColumn(
        group: "buy and", head: "hold", name: "return of buy and hold", part: .trading, weight: 2
      ) { write.percent($0.metrics.buyHoldReturn) },
      LeagueColumn(
        group: "less", head: "b&h", name: "return less buy and hold", part: .trading, weight: 8, tinted: true
      ) { write.percent($0.metrics.excessReturn) },
      LeagueColumn(head: "Sharpe", name: "Sharpe", part: .trading, weight: 7) {
        write.number($0.metrics.sharpe, digits: 2)
      },
    ]
    if corrected {
      columns += [
        LeagueColumn(
          group: "deflated", head: "Sharpe", name: "deflated Sharpe", part: .trading, weight: 9
        ) { write.percent($0.metrics.deflatedSharpe, signed: false) },
        LeagueColumn(group: "adj.", head: "p", name: "adjusted p-value", part: .trading, weight: 9) {
          write.number($0.pValue, digits: 3)
        },
      ]
    }
    if dated {
      columns += [
        LeagueColumn(group: "out of", head: "sample", name: "return out-of-sample", part: .trading, weight: 9) {
          $0.birth.flatMap { write.percent($0.after.metrics?.totalReturn) }
        },
        LeagueColumn(group: "trades", head: "in it", name: "trades out-of-sample", part: .trading, weight: 9) {
          $0.birth.map { write.count($0.after.metrics?.trades ?? 0) }
        },
      ]
    }
    columns += [
      LeagueColumn(group: "max", head: "drawdown", name: "maximum drawdown", part: .trading, weight: 5) {
        write.percent($0.metrics.maxDrawdown)
      }
    ]
    return columns
  }
}
