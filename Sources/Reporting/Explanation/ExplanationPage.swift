internal import Backtesting
internal import Pipelines
internal import PluginKit
internal import Trading

/// One signal, or one bar without one, as an HTML page that needs nothing else: the chart, every value, threshold and
/// margin of the rule, what became of the calls before it, and the news before it.
public struct ExplanationPage: Sendable {
  /// What stands around a stored signal.
  public struct Section: Sendable {
    public var heading: String
    public var lines: [String]

    public init(_ heading: String, _ lines: [String]) {
      self.heading = heading
      self.lines = lines
    }
  }

  private let evidence: SignalEvidence
  private let name: String?
  private let surroundings: [Section]
  private let locale, version: String
  private let write = Figures.page

  /// - Parameters:
  ///   - name: of the symbol.
  ///   - locale: `en` or `ko`; the rule's own words are those of its file.
  ///   - version: Of the program.
  public init(
    _ evidence: SignalEvidence, name: String?, surroundings: [Section] = [], locale: String, version: String
  ) {
    self.evidence = evidence
    self.name = name
    self.surroundings = surroundings
    self.locale = locale
    self.version = version
  }

  /// As its template sees it: the field names are the template's tags.
  private struct Page: Sendable {
    struct Cell: Sendable {
      let isWord: Bool
      let text: Markup
    }

    struct Picture: Sendable { let day, night: Markup }

    struct Row: Sendable {
      let isBlocking: Bool
      let depth: Int
      let text: String
      let cells: [Markup]
      let note: String
    }

    struct Part: Sendable {
      let heading, verdict: String
      let heads: [Cell]
      let rows: [Row]
    }

    struct Past: Sendable { let cells: [Cell] }
    struct Around: Sendable {
      let heading: String
      let lines: [String]
    }

    let language, title, subtitle, origin, footer: String
    let style: Markup
    let opening: [String]
    let charts: [Picture]
    let parts: [Part]
    let pastHeading: String
    let pastSentences: [String]
    let hasPast: Bool
    let pastHeads: [Cell]
    let past: [Past]
    let surroundings: [Around]
  }

  private func say(_ english: String, _ korean: String) -> String { locale == "ko" ? korean : english }

  /// The page.
  public func render() throws(ReportingError) -> String { try PageTemplates.render(page, with: "explanation") }

  /// The same without what stands around it, for a page of the dashboard.
  public func fragment() throws(ReportingError) -> DashboardFragment {
    DashboardFragment(Markup(trusted: try PageTemplates.render(page, with: "explanation-body")))
  }

  private var page: Page {
    let explanation = evidence.explanation
    let symbol = name.map { "\($0) (\(explanation.symbol))" } ?? explanation.symbol
    let candle = explanation.candle
    return Page(
      language: locale == "ko" ? "ko" : "en", title: "\(explanation.strategy) · \(symbol)",
      subtitle: "\(stamp(candle.time)) · "
        + say(
          "close \(write.price(finite(candle.close)) ?? Figures.undefined)",
          "종가 \(write.price(finite(candle.close)) ?? Figures.undefined)"),
      origin: version.isEmpty ? "Finstage" : "Finstage \(version)",
      footer: say("Nothing after the bar was read; no advice", "이 봉 뒤의 것은 읽지 않음; 투자 권유가 아님"),
      style: Markup(trusted: PageTemplates.style + PageTemplates.dailyStyle), opening: opening, charts: charts,
      parts: parts, pastHeading: say("Calls before it", "이전 신호의 결과"),
      pastSentences: pastSentences, hasPast: !evidence.predecessors.isEmpty, pastHeads: pastHeads, past: past,
      surroundings: surroundings.map { Page.Around(heading: $0.heading, lines: $0.lines) })
  }

  private func stamp(_ time: Instant) -> String { time.milliseconds % 86_400_000 == 0 ? time.dateText : "\(time)" }

  private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }

  private var opening: [String] {
    let explanation = evidence.explanation
    guard !explanation.signals.isEmpty else {
      return [say("No signal stands on this bar.", "이 봉에는 신호가 없습니다.")]
    }
    return explanation.signals.map { signal in
      let confidence = write.number(signal.confidence, digits: 0) ?? Figures.undefined
      return say(
        "\(direction(signal.direction)), confidence \(confidence): \(signal.reason)",
        "\(direction(signal.direction)), 신뢰도 \(confidence): \(signal.reason)")
    }
  }

  private func direction(_ direction: Direction) -> String {
    switch direction {
    case .buy: say("buy", "매수")
    case .sell: say("sell", "매도")
    case .exitLong: say("exit long", "매수 청산")
    case .exitShort: say("exit short", "매도 청산")
    }
  }

  private var charts: [Page.Picture] {
    let candles = evidence.candles
    let picture = CandlePicture(
      candles, bars: candles.count, lines: evidence.lines, signals: evidence.signals,
      title: "\(candles.instrument.symbol) \(candles.timeframe) · \(stamp(evidence.explanation.candle.time))",
      subtitle: evidence.explanation.strategy, volumeName: say("Volume", "거래량"))
    return picture.map {
      [
        Page.Picture(
          day: Markup(trusted: $0.svg(locale: locale)), night: Markup(trusted: $0.svg(locale: locale, isDark: true)))
      ]
    } ?? []
  }

  // MARK: - The rule

  /// What fires stands first.
  private var parts: [Page.Part] {
    let parts = evidence.explanation.parts
    func fires(_ part: Explanation.Part) -> Bool { if case .fires = part.verdict { true } else { false } }
    return (parts.filter(fires) + parts.filter { !fires($0) }).map(part)
  }

  private func part(_ part: Explanation.Part) -> Page.Part {
    let heads = [say("Node", "노드"), say("Value", "값"), say("Threshold", "기준"), say("Margin", "여유"), "%", ""]
    return Page.Part(
      heading: part.name == part.direction.rawValue
        ? direction(part.direction) : "\(part.name) (\(direction(part.direction)))",
      verdict: evidence.explanation.words(for: part.verdict),
      heads: heads.enumerated().map { place, head in
        Page.Cell(isWord: place == 0 || place == heads.count - 1, text: Markup(text: head))
      }, rows: rows(part.tree, 0))
  }

  /// Beyond this, rows are not moved in any further: daily.css has a rule for each.
  private static let deepest = 9

  private func rows(_ node: ExplainedNode, _ depth: Int) -> [Page.Row] {
    let comparison = node.comparison
    func figure(_ value: Double?) -> Markup {
      guard let value, value.isFinite else { return Markup(text: "") }
      return Markup(text: Figure(value).description.replacing("-", with: "−"))
    }
    var notes: [String] = []
    if let since = node.since, node.kind == "step" || node.kind == "vote" {
      notes.append(say("since \(since.time)", "\(since.time)부터"))
    }
    if let missing = node.missing { notes.append(missing) }
    let value =
      comparison.map { figure($0.left) }
      ?? (node.valueKind == .number && node.value.isFinite ? figure(node.value) : Markup(text: node.valueText))
    let row = Page.Row(
      isBlocking: node.isBlocking, depth: min(depth, ExplanationPage.deepest),
      text: comparison == nil ? node.text : "\(node.text): \(node.valueText)",
      cells: [
        value, figure(comparison?.threshold), figure(comparison?.margin),
        .figure(comparison.map { write.percent(finite($0.marginShare), digits: 2) ?? "" } ?? "", tinted: true),
      ], note: notes.joined(separator: "; "))
    return [row] + node.inputs.flatMap { rows($0, depth + 1) }
  }

  // MARK: - What became of the calls before

  private var pastSentences: [String] {
    guard !evidence.predecessors.isEmpty else {
      return [say("There is no earlier call.", "이전 신호가 없습니다.")]
    }
    return evidence.outcomes.map { outcome in
      let rate = outcome.successRate
      let interval = outcome.interval.map { range in
        "95%: \(write.percent(range.lowerBound, signed: false)?.dropLast() ?? "")–\(write.percent(range.upperBound, signed: false) ?? ""), "
      }
      let right =
        "\(write.percent(rate, signed: false) ?? Figures.undefined) (\(interval ?? "")n \(write.count(outcome.count)))"
      let base = write.percent(outcome.baseRate, signed: false) ?? Figures.undefined
      let mean = write.percent(outcome.meanReturn, digits: 2) ?? Figures.undefined
      return say(
        "After \(outcome.horizon): right in \(right), on every bar \(base); mean return \(mean).",
        "\(outcome.horizon) 뒤: 적중률 \(right), 모든 봉에서는 \(base); 평균 수익률 \(mean).")
    }
  }

  private var pastHeads: [Page.Cell] {
    let words = [say("Bar", "봉"), say("Direction", "방향")].map { Page.Cell(isWord: true, text: Markup(text: $0)) }
    let figures = [say("Price", "가격")] + evidence.horizons.map { "\($0)" }
    return words + figures.map { Page.Cell(isWord: false, text: Markup(text: $0)) }
  }

  private var past: [Page.Past] {
    evidence.predecessors.map { one in
      Page.Past(
        cells: [
          Page.Cell(isWord: true, text: Markup(text: stamp(one.time))),
          Page.Cell(isWord: true, text: Markup(text: direction(one.direction))),
          Page.Cell(isWord: false, text: .figure(write.price(one.price))),
        ]
          + one.results.map { result in
            Page.Cell(isWord: false, text: .figure(write.percent(result, digits: 2), tinted: true))
          })
    }
  }
}
