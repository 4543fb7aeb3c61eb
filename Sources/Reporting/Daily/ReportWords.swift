internal import Backtesting
internal import Trading

/// Puts a report into the words of a language.
public struct ReportWords: Sendable {
  let report: DailyReport
  let isKorean: Bool
  let clock: ReportClock
  let write = Figures.page

  /// The most signals, results and markets that are listed; the others are counted.
  public static let most = 12

  /// - Parameter locale: `en` or `ko`.
  public init(_ report: DailyReport, locale: String, clock: ReportClock = .utc) {
    self.report = report
    isKorean = locale == "ko"
    self.clock = clock
  }

  func say(_ english: String, _ korean: String) -> String { isKorean ? korean : english }

  public var content: ReportContent {
    ReportContent(
      title: title, subtitle: subtitle, opening: report.isQuiet ? [quiet] : opening,
      sections: report.isQuiet ? [] : sections, glossaryHeading: say("📚 Glossary", "📚 용어 해설"),
      glossary: report.isQuiet || report.kind == .signals ? [] : ReportGlossary.terms(isKorean: isKorean),
      footer: footer)
  }

  private var title: String {
    switch report.kind {
    case .daily: say("🌅 Daily quant report", "🌅 일일 퀀트 분석 리포트")
    case .weekly: say("🗓 Weekly quant report", "🗓 주간 퀀트 분석 리포트")
    case .signals: say("🔔 Signals", "🔔 신호 리포트")
    }
  }

  private var subtitle: String {
    let from = clock.text(report.from)
    return clock.text(report.at) + " · "
      + (report.followsReport
        ? say("since the last report, \(from)", "지난 리포트(\(from)) 이후") : say("since \(from)", "\(from) 이후"))
  }

  private var quiet: String {
    let next = report.next.map { say(" Next report: \(clock.text($0)).", " 다음 리포트: \(clock.text($0)).") } ?? ""
    return say(
      "No market was open since the last report, and nothing came in.\(next)",
      "지난 리포트 이후 열린 시장이 없었고, 새로 들어온 것도 없습니다.\(next)")
  }

  private var footer: String {
    let next =
      report.next.map { say("Next report: \(clock.text($0))", "다음 리포트: \(clock.text($0))") }
      ?? say("No further report is scheduled", "예약된 다음 리포트가 없습니다")
    return next
      + say(
        " · computed from what was known at \(clock.text(report.at)); no advice",
        " · \(clock.text(report.at))에 알려진 것만으로 계산함; 투자 권유가 아님")
  }

  // MARK: - The five lines

  private var opening: [String] { [firedLine, openLine, closedLine, staleLine, nextLine] }

  private var firedLine: String {
    let alerts =
      report.alerts.isEmpty
      ? "" : "; " + say(plural(report.alerts.count, "price alert"), "가격 알림 \(report.alerts.count)건")
    guard !report.fired.isEmpty else {
      return say("🔔 Fired: ", "🔔 발생: ") + (alerts.isEmpty ? say("nothing", "없음") : String(alerts.dropFirst(2)))
    }
    let count = report.fired.count
    let strategies = Set(report.fired.map(\.strategy)).count
    let buys = report.fired.count { $0.signal.direction == .buy }
    let sells = report.fired.count { $0.signal.direction == .sell }
    let exits = count - buys - sells
    return say(
      "🔔 Fired: \(plural(count, "signal")) of \(plural(strategies, "strategy", "strategies")): \(buys) buy, \(sells) sell, \(plural(exits, "exit"))\(alerts)",
      "🔔 발생: 전략 \(strategies)개의 신호 \(count)건: 매수 \(buys), 매도 \(sells), 청산 \(exits)\(alerts)")
  }

  private var openLine: String {
    guard let total = report.total else {
      return say("⏳ Open: no call has been judged", "⏳ 진행 중: 판정된 신호가 없음")
    }
    return say(
      "⏳ Open: \(plural(total.open, "call")) without a result after \(report.horizon)",
      "⏳ 진행 중: \(report.horizon) 결과를 기다리는 신호 \(total.open)건")
  }

  private var closedLine: String {
    let count = report.closed.count
    guard count > 0 else { return say("🏁 Closed: nothing", "🏁 종료: 없음") }
    let right = report.closed.count { $0.result > 0 }
    let mean = report.closed.reduce(0) { $0 + $1.result } / Double(count)
    let text = percent(mean, digits: 2)
    return say(
      "🏁 Closed: \(plural(count, "call")), \(right) right, mean \(text)", "🏁 종료: \(count)건 중 \(right)건 적중, 평균 \(text)")
  }

  private var staleLine: String {
    let stale = report.freshness.filter { $0.state == .stale }.map(\.symbol)
    let missing = report.freshness.filter { $0.state == .missing }.map(\.symbol)
    guard !stale.isEmpty || !missing.isEmpty else {
      return report.freshness.isEmpty
        ? say("🕰 Stale: no prices are asked for", "🕰 지연: 요청된 시세가 없음") : say("🕰 Stale: nothing", "🕰 지연: 없음")
    }
    var parts: [String] = []
    if !stale.isEmpty { parts.append(few(stale)) }
    if !missing.isEmpty { parts.append(say("without prices: ", "시세 없음: ") + few(missing)) }
    return say("🕰 Stale: ", "🕰 지연: ") + parts.joined(separator: "; ")
  }

  private var nextLine: String {
    report.next.map { say("⏭ Next: \(clock.text($0))", "⏭ 다음: \(clock.text($0))") }
      ?? say("⏭ Next: no report is scheduled", "⏭ 다음: 예약된 리포트 없음")
  }

  // MARK: - Figures

  /// `5 bars`; other horizons as they are written.
  func horizon(_ text: String) -> String {
    guard text.hasSuffix("b"), let bars = Int(text.dropLast()) else { return text }
    return say(plural(bars, "bar"), "\(bars)봉")
  }

  func few(_ names: [String]) -> String {
    names.count <= 5
      ? names.joined(separator: ", ")
      : names.prefix(5).joined(separator: ", ") + say(" and \(names.count - 5) more", " 외 \(names.count - 5)개")
  }

  func plural(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    "\(write.count(count)) \(count == 1 ? one : many ?? one + "s")"
  }

  func percent(_ value: Double?, digits: Int = 1, signed: Bool = true) -> String {
    write.percent(value, digits: digits, signed: signed) ?? Figures.undefined
  }

  /// `S&P 500 (^GSPC)`; the symbol alone where it has no name.
  func name(_ symbol: String) -> String { report.names[symbol].map { "\($0) (\(symbol))" } ?? symbol }

  func price(_ value: Double?) -> String { write.price(value) ?? Figures.undefined }

  func rate(_ outcome: HorizonOutcome) -> String { rate(outcome.successRate, outcome.interval, outcome.count) }

  /// `57.1% (95%: 50.0–64.2%, n 190)`.
  func rate(_ rate: Double?, _ interval: ClosedRange<Double>?, _ count: Int) -> String {
    guard let rate else { return say("not defined (n 0)", "정의되지 않음 (n 0)") }
    let range =
      interval.map { interval in
        let low = percent(interval.lowerBound, signed: false).dropLast()
        return "95%: \(low)–\(percent(interval.upperBound, signed: false)), "
      } ?? ""
    return "\(percent(rate, signed: false)) (\(range)n \(write.count(count)))"
  }

  /// The rule of a price alert.
  func rule(_ rule: String) -> String {
    let words: [String: (String, String)] = [
      "price_rise": ("price rise", "가격 상승"), "price_drop": ("price drop", "가격 하락"),
      "break_prev_high": ("above the previous high", "전일 고가 돌파"),
      "break_prev_low": ("below the previous low", "전일 저가 이탈"), "new_high": ("all-time high", "사상 최고가"),
      "drop_from_high": ("drop from the high", "최고가 대비 하락"), "surge": ("surge", "급등"),
      "plunge": ("plunge", "급락"), "gap_up": ("gap up", "갭 상승"), "gap_down": ("gap down", "갭 하락"),
    ]
    return words[rule].map { say($0.0, $0.1) } ?? rule
  }

  func direction(_ direction: Direction) -> String {
    switch direction {
    case .buy: say("buy", "매수")
    case .sell: say("sell", "매도")
    case .exitLong: say("exit long", "매수 청산")
    case .exitShort: say("exit short", "매도 청산")
    }
  }

  /// What a corrected p-value says.
  func luck(_ value: Double?) -> String {
    guard let value else { return say("too few to test", "검정하기에 표본 부족") }
    let text = write.number(value, digits: 3) ?? Figures.undefined
    return value < 0.05
      ? say("beyond luck, corrected p \(text)", "우연으로 보기 어려움, 보정 p \(text)")
      : say("no more than luck, corrected p \(text)", "우연과 구분되지 않음, 보정 p \(text)")
  }
}
