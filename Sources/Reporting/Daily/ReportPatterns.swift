internal import Insights
internal import Trading

/// Patterns and clusters, as they were kept.
extension ReportWords {
  /// Adjusted p-values up to it say that something is more than luck.
  private static let level = 0.05

  var patterns: ReportContent.Section {
    let heading = say("🔍 Patterns", "🔍 패턴 분석")
    guard !report.insights.isEmpty else {
      return .init("patterns", heading, sentences: [say("None are kept.", "저장된 것이 없습니다.")])
    }
    let lines = report.insights.prefix(ReportWords.most).flatMap { insights -> [String] in
      let patterns = insights.patterns
      let telling = patterns.findings.count { $0.different.adjusted <= ReportWords.level }
      var lines = [
        "▪ " + name(insights.symbol) + until(insights),
        say(
          "  • \(write.count(patterns.tested)) patterns of \(plural(patterns.signals, "signal")) tested; what follows differs from any bar for \(telling) of the \(patterns.findings.count) that are told",
          "  • 신호 \(write.count(patterns.signals))건의 패턴 \(write.count(patterns.tested))개 검정; 보고된 \(patterns.findings.count)개 중 \(telling)개만 이후 흐름이 평소와 다름"
        ),
      ]
      lines += patterns.findings.prefix(2).map { "  • " + pattern($0) }
      if let text = analogues(insights) { lines.append("  • " + text) }
      lines += insights.forecasts.compactMap { forecast(insights, $0) }.map { "  • " + $0 }
      return lines
    }
    return .init("patterns", heading, sentences: more(report.insights.count), lines: lines)
  }

  private func until(_ insights: InsightsDigest) -> String {
    insights.last.map { say(", until \($0.dateText)", ", \($0.dateText)까지") } ?? ""
  }

  /// `a buy → b sell: 12 times (chance 4.2), right in 58.3% (95%: 32.0–80.7%, n 12), any bar 54.0%; no more than luck…`.
  func pattern(_ finding: InsightsDigest.Finding) -> String {
    let arrow = finding.natures.contains("concurrent") ? " + " : " → "
    let signals = finding.signals.map(signal).joined(separator: arrow)
    let chance = write.number(finding.expected, digits: 1) ?? Figures.undefined
    return say(
      "\(signals): \(plural(finding.support, "time")) (chance \(chance)); right in \(rate(finding.outcome)), any bar \(percent(finding.outcome.baseRate, signed: false)); \(luck(finding.different.adjusted))",
      "\(signals): \(finding.support)번 (우연 \(chance)); 적중률 \(rate(finding.outcome)), 모든 봉 \(percent(finding.outcome.baseRate, signed: false)); \(luck(finding.different.adjusted))"
    )
  }

  /// A strategy and its direction, as the document names them.
  private func signal(_ name: String) -> String {
    guard isKorean, let space = name.lastIndex(of: " "),
      let said = Direction(rawValue: String(name[name.index(after: space)...]))
    else { return name }
    return "\(name[..<space]) \(direction(said))"
  }

  private func analogues(_ insights: InsightsDigest) -> String? {
    guard let analogues = insights.analogues, analogues.followed.count > 0 else { return nil }
    let (own, any) = (analogues.followed, analogues.base)
    let spread = "\(percent(own.q05)) … \(percent(own.q50)) … \(percent(own.q95))"
    return say(
      "the \(own.count) stretches most like the last \(analogues.bars) bars: \(percent(own.rose, signed: false)) rose over \(horizon(insights.horizon)) (any bar \(percent(any.rose, signed: false))); \(spread) (5, 50, 95%)",
      "최근 \(analogues.bars)봉과 가장 닮은 과거 \(own.count)곳: \(horizon(insights.horizon)) 뒤 \(percent(own.rose, signed: false)) 상승 (모든 봉 \(percent(any.rose, signed: false))); \(spread) (5, 50, 95%)"
    )
  }

  private func forecast(_ insights: InsightsDigest, _ forecast: InsightsDigest.Forecast) -> String? {
    guard let chance = forecast.probability else { return nil }
    let verdict: String =
      switch forecast.verdict {
      case "better": say("better than the base rate so far", "지금까지 기준보다 나음")
      case "no better than the base rate": say("no better than the base rate", "기준보다 낫지 않음")
      default: say("too few forecasts to tell", "판단하기에 예측이 부족")
      }
    return say(
      "forecast over \(horizon(insights.horizon)) (\(forecast.model)): chance of a rise \(percent(chance, signed: false)), base \(percent(forecast.base, signed: false)); \(verdict) (n \(write.count(forecast.settled)))",
      "\(horizon(insights.horizon)) 방향 예측(\(forecast.model)): 상승 확률 \(percent(chance, signed: false)), 기준 \(percent(forecast.base, signed: false)); \(verdict) (n \(write.count(forecast.settled)))"
    )
  }

  var clusters: ReportContent.Section {
    let heading = say("🤖 Clusters", "🤖 클러스터")
    let found = report.insights.filter { $0.clusters != nil }.prefix(ReportWords.most)
    guard !found.isEmpty else {
      return .init("clusters", heading, sentences: [say("None are kept.", "저장된 것이 없습니다.")])
    }
    let lines = found.flatMap { insights -> [String] in
      guard let clusters = insights.clusters else { return [] }
      var lines = ["▪ " + name(insights.symbol) + until(insights)]
      lines += clusters.clusters.enumerated().map { place, cluster in
        let now = clusters.current == place ? say(" ← the last bar", " ← 마지막 봉") : ""
        return say(
          "  • \(words(cluster.name)), \(cluster.size) of \(clusters.fitted): right in \(rate(cluster.outcome)), later \(rate(cluster.later))\(now)",
          "  • \(words(cluster.name)), \(clusters.fitted)개 중 \(cluster.size)개: 적중률 \(rate(cluster.outcome)), 이후 \(rate(cluster.later))\(now)"
        )
      }
      if let skill = clusters.skill {
        lines.append(
          skill > 0
            ? say("  • their rates forecast later outcomes", "  • 이 비율은 이후 결과를 예측함")
            : say(
              "  • their rates forecast later outcomes no better than one rate for all",
              "  • 이 비율은 하나의 평균보다 이후 결과를 더 잘 예측하지 못함"))
      }
      return lines
    }
    return .init("clusters", heading, lines: lines)
  }

  /// The traits that a cluster is named by.
  private func words(_ name: String) -> String {
    guard isKorean else { return name }
    let korean: [Trait: (high: String, low: String)] = [
      .signals: ("신호 많음", "신호 적음"), .agreement: ("매수", "매도"), .move: ("상승 뒤", "하락 뒤"), .trend: ("추세 위", "추세 아래"),
      .volatility: ("변동 큼", "안정"), .pause: ("공백 뒤", "연이어"),
    ]
    return name.split(separator: ", ").map { word in
      for (trait, words) in korean {
        if trait.words.high == word { return words.high }
        if trait.words.low == word { return words.low }
      }
      return word == "ordinary" ? "평범함" : String(word)
    }.joined(separator: ", ")
  }

  private func rate(_ outcome: InsightsDigest.Outcome) -> String {
    let interval = outcome.interval.flatMap { $0.count == 2 && $0[0] <= $0[1] ? $0[0]...$0[1] : nil }
    return rate(outcome.successRate, interval, outcome.count)
  }
}
