internal import Trading

/// How far the data go, and what was not computed.
extension ReportWords {
  var freshness: ReportContent.Section {
    let heading = say("🕰 Data", "🕰 데이터 상태")
    let fresh = report.freshness.count { $0.state == .fresh }
    var sentences = [
      report.freshness.isEmpty
        ? say("No strategy asks for prices.", "시세를 요청하는 전략이 없습니다.")
        : say(
          "\(fresh) of \(plural(report.freshness.count, "series", "series")) are up to date.",
          "시계열 \(report.freshness.count)개 중 \(fresh)개가 최신입니다.")
    ]
    let behind = report.freshness.filter { $0.state != .fresh }
    let lines = behind.prefix(ReportWords.most).map { one -> String in
      let name = "• \(one.symbol) \(one.timeframe): "
      guard let last = one.last else { return name + (one.fault ?? say("no bar", "봉 없음")) }
      return name + say("last bar \(last.dateText)", "마지막 봉 \(last.dateText)")
        + (one.expected.map { say(", the market closed last at \(clock.text($0))", ", 최근 장 마감 \(clock.text($0))") }
          ?? "")
    }
    sentences += more(behind.count)
    return .init("data", heading, sentences: sentences, lines: Array(lines))
  }

  var missing: ReportContent.Section {
    .init(
      "missing", say("🚫 Not computed", "🚫 계산하지 않은 것"),
      lines: report.missing.prefix(2 * ReportWords.most).map { "• " + text(of: $0) })
  }

  private func text(of missing: DailyReport.Missing) -> String {
    switch missing {
    case .noSignals:
      say(
        "performance: no signal is stored yet; finstage run stores them", "성과: 저장된 신호가 없음; finstage run이 저장합니다")
    case .tooFew(let symbol, let count, let least):
      say(
        "best strategy of \(symbol): of \(count) results no strategy has \(least)",
        "\(symbol) 최고 전략: 결과 \(count)건 중 \(least)건을 채운 전략이 없음")
    case .noPrices(let symbol, let reason):
      say("results of \(symbol): no prices: \(reason)", "\(symbol) 결과: 시세 없음: \(reason)")
    case .tooLong(let count):
      say(
        "\(plural(count, "call")) on bars too long to show \(report.horizon)",
        "봉이 길어 \(report.horizon) 결과를 볼 수 없는 신호 \(count)건")
    case .withoutBar(let count):
      say("\(plural(count, "call")) whose bar is not there any more", "봉이 더 이상 없는 신호 \(count)건")
    case .noReplay:
      say("📈 backtest: no strategy could be replayed over any prices", "📈 백테스트: 시세 위에서 실행할 수 있는 전략이 없음")
    case .notReplayed(let strategy, let reason):
      say("📈 backtest of \(strategy): \(reason)", "📈 \(strategy) 백테스트: \(reason)")
    case .noInsights:
      say(
        "🔍 patterns, 🤖 clusters: none are kept; the job patterns computes them",
        "🔍 패턴, 🤖 클러스터: 저장된 것이 없음; patterns 작업이 계산합니다")
    case .olderInsights(let symbol, let last):
      say(
        "🔍 patterns, 🤖 clusters of \(symbol) after \(last.dateText): those that are kept end there",
        "\(symbol) 🔍 패턴, 🤖 클러스터: 저장된 것은 \(last.dateText)까지임")
    case .noFeeds:
      say("📰 news: no feeds: are configured", "📰 뉴스: 설정에 feeds:가 없음")
    case .noSchedule:
      say("next report: schedule: names none", "다음 리포트: schedule에 없음")
    }
  }
}
