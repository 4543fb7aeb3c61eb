public import Backtesting
internal import Trading

/// What is said of a rule's birth, and of figures before and after it, each with its sample size.
public struct BirthWords: Sendable {
  private let language: String
  private let write: Figures

  /// - Parameter language: `en` or `ko`.
  public init(language: String = "en", forTerminal: Bool = false) {
    self.language = language
    write = forTerminal ? .terminal : .page
  }

  private func say(_ english: String, _ korean: String) -> String { language == "ko" ? korean : english }

  /// `2026-05-01, rule 9f86d081 (2 of 3), after 2c26b46b`: the rule, which one of the strategy's it is, its ancestor.
  public func birth(_ birth: RuleBirth) -> String {
    var text = "\(birth.seen.dateText), " + say("rule ", "규칙 ") + short(birth.rule)
    if birth.rules > 1 { text += say(" (\(birth.rules) rules so far)", " (지금까지 규칙 \(birth.rules)개)") }
    if let ancestor = birth.ancestor { text += say(", after \(short(ancestor))", ", 이전 규칙 \(short(ancestor))") }
    return text
  }

  /// What one part came to: `+3.2%, Sharpe 0.41, 12 trades, 15 signals`; that there is none, where it has no bars.
  public func part(_ part: BirthSplit.Part) -> String {
    guard let metrics = part.metrics, part.bars > 0 else { return say("none: no bar yet", "없음: 아직 봉이 없음") }
    var words: [String] = []
    let trades = write.count(metrics.trades)
    if metrics.trades > 0 {
      words.append(write.percent(metrics.totalReturn) ?? Figures.undefined)
      if let sharpe = write.number(metrics.sharpe, digits: 2) { words.append(say("Sharpe ", "샤프 ") + sharpe) }
    }
    words.append(say(metrics.trades == 1 ? "1 trade" : "\(trades) trades", "거래 \(trades)건"))
    words.append(
      say(part.signals == 1 ? "1 signal" : "\(write.count(part.signals)) signals", "신호 \(write.count(part.signals))건"))
    if let outcome = part.outcomes.first(where: { $0.count > 0 }), let rate = outcome.successRate {
      let right = write.percent(rate, signed: false) ?? Figures.undefined
      words.append(
        say(
          "\(right) of \(write.count(outcome.count)) right after \(outcome.horizon.label)",
          "\(outcome.horizon.label) 뒤 \(write.count(outcome.count))건 중 \(right) 적중"))
    }
    words.append(say(part.bars == 1 ? "1 bar" : "\(write.count(part.bars)) bars", "봉 \(write.count(part.bars))개"))
    return words.joined(separator: ", ")
  }

  /// What the rules of a league came to after their births; nil where no birth is known.
  func league(_ rows: [BacktestSummary]) -> String? {
    let births = rows.compactMap(\.birth)
    guard !births.isEmpty else { return nil }
    let since = births.filter { $0.after.bars > 0 }
    guard !since.isEmpty else {
      return say(
        "Out-of-sample: none. No bar has come since the births of these rules.",
        "표본 외: 없음. 이 규칙들이 만들어진 뒤로 아직 봉이 없습니다.")
    }
    let trades = write.count(since.reduce(0) { $0 + ($1.after.metrics?.trades ?? 0) })
    let gained = since.count { ($0.after.metrics?.totalReturn ?? 0) > 0 }
    return say(
      "Out-of-sample, after the births of their rules: \(gained) of \(since.count) gained, by \(trades) trades in all.",
      "표본 외(규칙이 만들어진 뒤): \(since.count)개 중 \(gained)개 수익, 거래 모두 \(trades)건.")
  }

  private func short(_ rule: ConfigurationHash) -> String { String(rule.description.prefix(8)) }
}
