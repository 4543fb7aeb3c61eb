internal import Backtesting
internal import Insights
internal import Trading

/// What the markets are like, what their history has in common with now, and what feeds brought.
extension ReportWords {
  var market: ReportContent.Section {
    let heading = say("🌡 Market", "🌡 시장 상태")
    guard !report.readings.isEmpty else {
      return .init("market", heading, sentences: [say("No symbol has a bar.", "봉이 있는 종목이 없습니다.")])
    }
    let rows = report.readings.map { one -> [String] in
      [
        name(one.symbol), one.last.dateText, price(one.close), percent(one.change, digits: 2), percent(one.fromHigh),
        regime(one.regime), percent(one.regime?.distance), score(one.sentiment),
      ]
    }
    return .init(
      "market", heading,
      lines: rows.map { row in
        say(
          "• \(row[0]) \(row[2]) (\(row[3])), \(row[4]) from its high · \(row[5]), \(row[6]) from MA200 · mood \(row[7])",
          "• \(row[0]) \(row[2]) (\(row[3])), 최고가 대비 \(row[4]) · \(row[5]), MA200 대비 \(row[6]) · 심리 \(row[7])")
      },
      table: .init(
        heads: isKorean
          ? ["종목", "마지막 봉", "종가", "변화", "최고가 대비", "국면", "MA200 대비", "심리 점수"]
          : ["Symbol", "Last bar", "Close", "Change", "From high", "Regime", "From MA200", "Mood"],
        rows: rows, words: 2))
  }

  private func regime(_ reading: RegimeReading?) -> String {
    guard let reading, reading.regime != .unknown else { return say("regime not known", "국면 알 수 없음") }
    let name = regime(reading.regime)
    return say("\(name) for \(plural(reading.bars, "bar"))", "\(name) \(reading.bars)봉째")
  }

  private func regime(_ regime: MarketRegime) -> String {
    switch regime {
    case .bullCalm: say("bull, calm", "강세·안정")
    case .bullTurbulent: say("bull, turbulent", "강세·변동")
    case .bearCalm: say("bear, calm", "약세·안정")
    case .bearTurbulent: say("bear, turbulent", "약세·변동")
    case .unknown: say("not known", "알 수 없음")
    }
  }

  /// `−3 of −9 to 9, bearish`.
  private func score(_ score: SentimentScore?) -> String {
    guard let score else { return Figures.undefined }
    let mood =
      switch score.mood {
      case .veryBullish: say("very bullish", "매우 강세")
      case .bullish: say("bullish", "강세")
      case .neutral: say("neutral", "중립")
      case .bearish: say("bearish", "약세")
      case .veryBearish: say("very bearish", "매우 약세")
      }
    return "\(write.number(score.score, digits: 0, signed: true) ?? Figures.undefined) (\(mood))"
  }

  var news: ReportContent.Section {
    let news = report.news ?? .init(count: 0, symbols: [], items: [])
    let heading = say("📰 News", "📰 뉴스")
    guard news.count > 0 else {
      return .init("news", heading, sentences: [say("No feed brought anything.", "들어온 기사가 없습니다.")])
    }
    let shares = news.symbols.prefix(5).map { "\($0.symbol) \(write.count($0.count))" }.joined(separator: ", ")
    return .init(
      "news", heading,
      sentences: [
        say("\(plural(news.count, "item")) since then", "그 뒤 들어온 기사 \(write.count(news.count))건")
          + (shares.isEmpty ? "." : say("; about ", "; 종목별: ") + shares + ".")
      ],
      lines: news.items.map { item in
        let about = item.symbols.isEmpty ? "" : " [\(few(item.symbols))]"
        return "• \(item.title)\(about) · \(item.feed), \(clock.text(item.publishedAt))"
      })
  }

  /// What the signals of now came to before, and what else of now has a past.
  var today: ReportContent.Section {
    var lines = report.fired.filter { $0.signal.direction.sign != 0 }.prefix(ReportWords.most).map { one -> String in
      let head = "• \(name(one.symbol)) \(direction(one.signal.direction)), \(one.strategy): "
      guard let record = one.record, record.outcome.count >= report.leastSamples else {
        let count = one.record?.outcome.count ?? 0
        return head
          + say(
            "\(plural(count, "earlier result")), fewer than \(report.leastSamples): not rated",
            "이전 결과 \(count)건, \(report.leastSamples)건 미만이라 평가하지 않음")
      }
      return head
        + say(
          "right before in \(rate(record.outcome)), on every bar \(percent(record.outcome.baseRate, signed: false)); \(luck(record.pValue))",
          "과거 적중률 \(rate(record.outcome)), 모든 봉에서는 \(percent(record.outcome.baseRate, signed: false)); \(luck(record.pValue))"
        )
    }
    lines += report.insights.flatMap { insights in
      insights.patterns.findings.filter(\.isFresh).prefix(2).map { finding in
        "• 🔍 \(name(insights.symbol)): \(pattern(finding))"
      }
    }
    lines += report.drifts.prefix(ReportWords.most).map { drift in
      say(
        "• ⚠️ \(drift.strategy): right in \(percent(drift.rate, signed: false)) (n \(drift.count)) since \(drift.since.dateText); its history gave \(percent(drift.history, signed: false))",
        "• ⚠️ \(drift.strategy): \(drift.since.dateText) 이후 적중률 \(percent(drift.rate, signed: false)) (n \(drift.count)); 과거에는 \(percent(drift.history, signed: false))"
      )
    }
    return .init(
      "today", say("🎯 Insights for today", "🎯 오늘의 투자 인사이트"),
      sentences: lines.isEmpty
        ? [say("Nothing fired that could be held to its past.", "과거와 견줄 만한 신호가 없습니다.")] : [], lines: lines)
  }
}
