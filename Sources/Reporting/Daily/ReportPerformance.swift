internal import Backtesting
internal import Insights
internal import Trading

/// What the strategies came to.
extension ReportWords {
  var performance: ReportContent.Section {
    let heading = say("📈 Backtest by symbol", "📈 종목별 백테스팅 성과 분석")
    guard !report.markets.isEmpty else {
      return .init(
        "performance", heading,
        sentences: [say("No strategy made a call over the bars there are.", "있는 봉 위에서 신호를 낸 전략이 없습니다.")])
    }
    let shown = report.markets.prefix(ReportWords.most)
    let rows = shown.map { market -> [String] in
      let best = market.best
      return [
        name(market.symbol), span(market), best?.strategy ?? Figures.undefined,
        percent(best?.outcome.meanReturn, digits: 2), best.map { rate($0.outcome) } ?? Figures.undefined,
        percent(best?.outcome.baseRate, signed: false), best.map { luck($0.pValue) } ?? Figures.undefined,
        rate(market.all),
      ]
    }
    return .init(
      "performance", heading,
      sentences: [
        say(
          "What the strategies of now say of all stored bars, judged after \(report.horizon). The best of many is the best by luck too: p is corrected for all \(report.replayed?.tested ?? 0) that were tested.",
          "지금의 전략을 저장된 모든 봉에 적용해 \(report.horizon) 뒤로 판정했습니다. 여럿 중 최고는 우연으로도 나오므로, 검정한 \(report.replayed?.tested ?? 0)개 모두에 대해 p를 보정했습니다."
        )
      ] + more(report.markets.count), lines: zip(shown, rows).flatMap(lines),
      table: .init(
        heads: isKorean
          ? ["종목", "봉", "최고 전략", "평균 수익률", "승률", "95%", "n", "기준 승률", "보정 p", "전체 정확도", "n"]
          : [
            "Symbol", "Bars", "Best strategy", "Mean return", "Win rate", "95%", "n", "Base rate", "Corrected p",
            "All right", "n",
          ],
        rows: shown.map(cells), words: 3))
  }

  /// A row of the page's table.
  private func cells(_ market: DailyReport.Market) -> [String] {
    let (best, outcome) = (market.best, market.best?.outcome)
    let interval = outcome?.interval.map { range in
      "\(percent(range.lowerBound, signed: false).dropLast())–\(percent(range.upperBound, signed: false))"
    }
    return [
      name(market.symbol), span(market), best?.strategy ?? Figures.undefined,
      percent(outcome?.meanReturn, digits: 2), percent(outcome?.successRate, signed: false),
      interval ?? Figures.undefined, outcome.map { write.count($0.count) } ?? Figures.undefined,
      percent(outcome?.baseRate, signed: false), write.number(best?.pValue, digits: 3) ?? Figures.undefined,
      percent(market.all.successRate, signed: false), write.count(market.all.count),
    ]
  }

  private func span(_ market: DailyReport.Market) -> String {
    let bars = write.count(market.bars)
    guard let from = market.from else { return bars }
    return say("\(bars) since \(from.dateText)", "\(from.dateText)부터 \(bars)")
  }

  private func lines(_ market: DailyReport.Market, _ row: [String]) -> [String] {
    var lines = ["▪ " + row[0] + say(", bars: ", ", 봉: ") + row[1]]
    if market.best != nil {
      lines += [
        say("  • best of \(market.rated) by mean return: \(row[2])", "  • 최고 성과 전략(\(market.rated)개 중): \(row[2])"),
        say("  • mean return after \(report.horizon): \(row[3])", "  • 평균 수익률(\(report.horizon) 기준): \(row[3])"),
        say("  • win rate: \(row[4]); on every bar \(row[5])", "  • 승률: \(row[4]); 모든 봉에서는 \(row[5])"),
        "  • \(row[6])",
      ]
    } else {
      lines.append(
        say(
          "  • no strategy has \(report.leastSamples) results: none is rated",
          "  • 결과가 \(report.leastSamples)건 이상인 전략이 없어 평가하지 않음"))
    }
    lines.append(say("  • all signals right: \(row[7])", "  • 전체 신호 정확도: \(row[7])"))
    return lines
  }

  var figures: ReportContent.Section {
    var lines: [String] = []
    if let total = report.replayed {
      lines.append(say("▪ All strategies, backtest", "▪ 전체 전략, 백테스트"))
      lines += self.lines(of: total)
    }
    lines.append(say("▪ Stored signals, live", "▪ 저장된 실시간 신호"))
    if let total = report.total {
      lines += self.lines(of: total)
      lines += calibration(total)
    } else {
      lines.append(say("  • no call has been judged", "  • 판정된 신호가 없음"))
    }
    return .init("figures", say("📊 Key figures", "📊 핵심 지표"), lines: lines)
  }

  private func lines(of total: DailyReport.Total) -> [String] {
    let outcome = total.outcome
    let sharpe = write.number(outcome.sharpe, digits: 3, signed: true) ?? Figures.undefined
    return [
      say("  • calls judged: \(write.count(outcome.count))", "  • 판정된 신호: \(write.count(outcome.count))건"),
      say("  • right: \(rate(outcome))", "  • 적중률: \(rate(outcome))"),
      say(
        "  • the same calls on every bar: \(percent(outcome.baseRate, signed: false))",
        "  • 모든 봉에서 같은 방향: \(percent(outcome.baseRate, signed: false))"),
      say(
        "  • mean return after \(report.horizon): \(percent(outcome.meanReturn, digits: 3)), Sharpe ratio of a call \(sharpe)",
        "  • 평균 수익률(\(report.horizon)): \(percent(outcome.meanReturn, digits: 3)), 신호당 샤프 비율 \(sharpe)"),
      total.tested == 0
        ? say(
          "  • no strategy has \(report.leastSamples) results on a symbol: none was tested",
          "  • 한 종목에서 결과가 \(report.leastSamples)건 이상인 전략이 없어 검정하지 않음")
        : say(
          "  • beyond luck after correction: \(total.significant) of \(total.tested) tested",
          "  • 보정 후에도 우연을 넘는 것: 검정한 \(total.tested)개 중 \(total.significant)개"),
    ] + samples(total.samples)
  }

  /// Before and after the births of the rules.
  private func samples(_ samples: DailyReport.Samples?) -> [String] {
    guard let samples else {
      return [
        say(
          "  • out-of-sample: not known, no rule has been stamped with its birth",
          "  • 표본 외: 알 수 없음, 만들어진 날이 기록된 규칙이 없음")
      ]
    }
    func part(_ outcome: HorizonOutcome?) -> String {
      outcome.flatMap { $0.count > 0 ? rate($0) : nil } ?? say("none (n 0)", "없음 (n 0)")
    }
    return [
      say("  • before the rules were born: \(part(samples.before))", "  • 규칙이 만들어지기 전: \(part(samples.before))"),
      say("  • after, out-of-sample: \(part(samples.outOfSample))", "  • 만들어진 뒤(표본 외): \(part(samples.outOfSample))"),
    ]
  }

  /// What the authors of strategies claimed, and what came.
  private func calibration(_ total: DailyReport.Total) -> [String] {
    (total.calibration?.bins ?? []).filter { $0.count >= report.leastSamples }.map { bin in
      let range = "\(write.number(bin.lower * 100, digits: 0) ?? "")–\(write.number(bin.upper * 100, digits: 0) ?? "")"
      let right = percent(bin.rate, signed: false)
      return say(
        "  • where the confidence was \(range): right in \(right) (n \(write.count(bin.count)))",
        "  • 신뢰도 \(range): 실제 적중률 \(right) (n \(write.count(bin.count)))")
    }
  }
}
