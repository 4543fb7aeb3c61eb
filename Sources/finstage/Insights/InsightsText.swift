import Backtesting
import Insights
import PluginKit
import Trading

/// Insights as a terminal shows them.
struct InsightsText {
  let insights: SymbolInsights

  var text: String {
    let until = insights.to.map { ", until \($0.dateText)" } ?? ""
    var lines = [
      "\(insights.symbol) \(insights.timeframe): \(insights.bars) bars\(until); what follows is measured over \(insights.settings.horizon) bars; seed \(insights.settings.seed)"
    ]
    lines += section("Market", market)
    lines += section("Forecast", insights.forecasts.models.map(line))
    lines += section("Analogues", analogues)
    lines += section("Patterns", patterns)
    lines += section("Situations of signals", clusters)
    lines += section("Not computed", insights.missing)
    return lines.joined(separator: "\n")
  }

  private func section(_ title: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["", title] + lines.map { "  \($0)" }
  }

  private var market: [String] {
    var lines: [String] = []
    if let regime = insights.regime, regime.regime != .unknown {
      let name = regime.regime.name.replacing("_", with: ", ")
      let distance = regime.distance.map { ", \(signed($0)) from the mean of 200 closes" } ?? ""
      let rank = regime.volatilityRank.map { ", more turbulent than \(percent($0)) of the past" } ?? ""
      lines.append("regime: \(name), for \(regime.bars) bars\(distance)\(rank)")
      lines.append("  a buy on such bars: \(told(regime.outcome))")
    }
    if let sentiment = insights.sentiment {
      let parts = sentiment.parts.map { "\($0.name) \(Figure($0.score))" }.joined(separator: ", ")
      lines.append("sentiment score: \(Figure(sentiment.score)) of −9 to 9, \(sentiment.mood.rawValue) (\(parts))")
    }
    return lines
  }

  private func line(_ model: DirectionForecasts.Model) -> String {
    let verdict = model.verdict
    let chance =
      model.chance.flatMap { chance in
        model.base.map { "chance of a rise \(percent(chance)), base rate \(percent($0))" }
      } ?? "nothing is forecast now"
    let skill = verdict.skill.map { ", skill \(Figure($0))" } ?? ""
    let p = verdict.p.map { ", p \(Figure.fixed($0, decimals: 3))" } ?? ""
    return "\(model.name): \(chance); \(verdict.verdict.rawValue) over \(verdict.count) forecasts\(skill)\(p)"
  }

  private var analogues: [String] {
    guard let analogues = insights.analogues else { return [] }
    func spread(_ spread: Spread) -> String {
      let quantiles = spread.quantiles.map(signed)
      guard let rose = spread.rose, quantiles.count == 5 else { return "none" }
      return
        "\(percent(rose)) rose; \(quantiles[0]) … \(quantiles[2]) … \(quantiles[4]) (5, 50, 95 % of \(spread.count))"
    }
    let nearest = analogues.nearest.prefix(3).map {
      "\($0.time.dateText) (distance \(Figure.fixed($0.distance, decimals: 2)), then \(signed($0.followed)))"
    }
    return [
      "the last \(analogues.settings.bars) bars look most like those up to \(nearest.joined(separator: ", "))",
      "after the \(analogues.followed.count) nearest: \(spread(analogues.followed))",
      "after any bar: \(spread(analogues.base))",
    ]
  }

  private var patterns: [String] {
    let patterns = insights.patterns
    guard !patterns.findings.isEmpty else { return [] }
    let level = patterns.settings.level
    let telling = patterns.findings.count { $0.differentAdjusted <= level }
    var lines = [
      "\(patterns.calls) signals, gaps of at most \(patterns.settings.gap.text); \(patterns.tested) patterns tested, \(patterns.frequent) came \(patterns.settings.leastSupport) times or more",
      telling == 0
        ? "what followed differs from the base rate for none of them (adjusted p > \(percent(level)))"
        : "what followed differs from the base rate for \(telling) of them (adjusted p ≤ \(percent(level)))",
    ]
    for finding in patterns.findings.prefix(5) {
      let arrow = finding.natures.contains(.concurrent) ? " + " : " → "
      lines.append(
        "\(finding.signals.map(\.name).joined(separator: arrow)) [\(finding.natures.map(\.rawValue).joined(separator: ", "))]\(finding.isFresh ? " on the last bar" : "")"
      )
      lines.append(
        "  \(finding.support) times, chance \(Figure.fixed(finding.expected, decimals: 1)); \(told(finding.outcome)); adjusted p \(Figure.fixed(finding.differentAdjusted, decimals: 3))"
      )
    }
    return lines
  }

  private var clusters: [String] {
    guard let clusters = insights.clusters else { return [] }
    let skill = clusters.skill.map { skill in
      skill > 0
        ? "their rates forecast later outcomes (skill \(Figure(skill)))"
        : "their rates forecast later outcomes no better than one for buys and one for sells (skill \(Figure(skill)))"
    }
    var lines = [
      "\(clusters.clusters.count) kinds of \(clusters.fitted) signal bars until \(clusters.fittedUntil.dateText), silhouette \(Figure.fixed(clusters.silhouette, decimals: 2))"
        + (skill.map { "; \($0)" } ?? "")
    ]
    for (place, cluster) in clusters.clusters.enumerated() {
      let now = clusters.current == place ? " ← the last bar" : ""
      lines.append("\(cluster.name) (\(cluster.size)): \(told(cluster.outcome)); later \(told(cluster.later))\(now)")
    }
    return lines
  }

  /// `58% right of 40 (42–72%), base rate 56%`.
  private func told(_ outcome: HorizonOutcome) -> String {
    guard let rate = outcome.successRate else { return "no outcome yet" }
    let interval = outcome.interval.map { " (\(percent($0.lowerBound))–\(percent($0.upperBound)))" } ?? ""
    let base = outcome.baseRate.map { ", base rate \(percent($0))" } ?? ""
    return "\(percent(rate)) right of \(outcome.count)\(interval)\(base)"
  }

  private func percent(_ share: Double) -> String { Figure.fixed(share * 100, decimals: 0) + "%" }
  private func signed(_ share: Double) -> String {
    (share >= 0 ? "+" : "") + Figure.fixed(share * 100, decimals: 1) + "%"
  }
}
