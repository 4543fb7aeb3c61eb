import PluginKit
import Trading

/// Rules in Korean. A clause ends as its place in the sentence wants it, so each predicate is kept as a stem.
struct KoreanNarrator: Narrator {
  private let source: NarratedGraph

  init(_ source: NarratedGraph) { self.source = source }

  /// How a clause goes on: 높다, 높고, 높거나, 높은, 높으면.
  enum Ending { case plain, and, or, noun, when }

  private struct Predicate {
    var stem, noun, when: String

    func with(_ ending: Ending) -> String {
      switch ending {
      case .plain: stem + "다"
      case .and: stem + "고"
      case .or: stem + "거나"
      case .noun: noun
      case .when: when
      }
    }

    static let high = Predicate(stem: "높", noun: "높은", when: "높으면")
    static let low = Predicate(stem: "낮", noun: "낮은", when: "낮으면")
    static let same = Predicate(stem: "같", noun: "같은", when: "같으면")
    static let other = Predicate(stem: "다르", noun: "다른", when: "다르면")
    static let being = Predicate(stem: "이", noun: "인", when: "이면")
    static let isNot = Predicate(stem: "아니", noun: "아닌", when: "아니면")
    static let does = Predicate(stem: "하", noun: "한", when: "하면")
    static let exists = Predicate(stem: "있", noun: "있는", when: "있으면")
  }

  func clause(_ node: Int) -> String { clause(node, .plain) }
  func condition(_ node: Int) -> String { clause(node, .when) }

  func clause(_ node: Int, _ ending: Ending) -> String {
    if case .number(let value) = source.graph.nodes[node].kind {
      return (value == 1 ? "항상 참" : "항상 거짓") + Predicate.being.with(ending)
    }
    guard source.takesWords(), let (operation, inputs) = source.operation(node), let first = inputs.first else {
      return "\(source.plain(node))\(Particle.subject(source.plain(node))) 참\(Predicate.being.with(ending))"
    }
    if let voice = source.graph.voice(operation, inputs) {
      let voter = source.voters[voice.vote].map { "'\($0)'" } ?? value(voice.vote)
      let span = voice.within > 1 ? "최근 \(voice.within)봉 안의 마지막 판단이 " : ""
      return
        "\(voter)의 \(span.isEmpty ? "판단이 " : span)\(KoreanNarrator.name(voice.direction))\(Predicate.being.with(ending))"
    }
    let second = inputs.count > 1 ? inputs[1] : first
    let bound = source.threshold(second, against: first) ?? value(second)
    switch operation {
    case .and, .or:
      let isAnd = operation == .and
      let parts = inputs.enumerated().map { place, input in
        let last = place == inputs.count - 1
        return nested(input, isAnd: isAnd, last ? ending : isAnd ? .and : .or)
      }
      return parts.joined(separator: " ")
    case .not: return "\(clause(first, .noun)) 것이 \(Predicate.isNot.with(ending))"
    case .crossesAbove, .crossesBelow:
      let side = operation == .crossesAbove ? "위로" : "아래로"
      let line = value(second)
      return "\(subject(first)) \(line)\(Particle.object(line)) \(side) 돌파\(Predicate.does.with(ending))"
    case .within(let bars): return "최근 \(bars)봉 안에 \(clause(first, .noun)) 적이 \(Predicate.exists.with(ending))"
    case .every(let bars): return "최근 \(bars)봉 내내 \(clause(first, ending))"
    case .ago(let bars): return "\(bars)봉 전에 \(clause(first, ending))"
    case .greater: return "\(subject(first)) \(bound)보다 \(Predicate.high.with(ending))"
    case .less: return "\(subject(first)) \(bound)보다 \(Predicate.low.with(ending))"
    case .greaterOrEqual: return "\(subject(first)) \(bound) 이상\(Predicate.being.with(ending))"
    case .lessOrEqual: return "\(subject(first)) \(bound) 이하\(Predicate.being.with(ending))"
    case .equal: return "\(subject(first)) \(and(second)) \(Predicate.same.with(ending))"
    case .notEqual: return "\(subject(first)) \(and(second)) \(Predicate.other.with(ending))"
    default: return "\(source.plain(node))\(Particle.subject(source.plain(node))) 참\(Predicate.being.with(ending))"
    }
  }

  func value(_ node: Int) -> String {
    if case .number(let value) = source.graph.nodes[node].kind { return Figure(value).description }
    if let column = source.candle(node) { return KoreanNarrator.name(column) }
    guard source.takesWords() else { return source.plain(node) }
    if let indicator = source.indicator(node) {
      guard let words = IndicatorWords.table[indicator.id] else { return source.plain(node) }
      var text = IndicatorWords.filled(words.ko, indicator.settings)
      if indicator.inputs.contains(where: { source.candle($0) != .close }) {
        text = "\(indicator.inputs.map { value($0) }.joined(separator: ", "))의 \(text)"
      }
      return indicator.output.map { "\(text)의 \(IndicatorWords.outputs[$0] ?? $0)" } ?? text
    }
    guard let (operation, inputs) = source.operation(node), let first = inputs.first else { return source.plain(node) }
    if let change = source.graph.change(operation, inputs) { return "\(change.bars)봉 동안의 \(value(change.of)) 변화율" }
    let second = inputs.count > 1 ? inputs[1] : first
    switch operation {
    case .add: return "(\(value(first)) + \(value(second)))"
    case .subtract: return "(\(value(first)) − \(value(second)))"
    case .multiply: return "(\(value(first)) × \(value(second)))"
    case .divide: return "(\(value(first)) ÷ \(value(second)))"
    case .negate: return "−\(value(first))"
    case .ago(let bars): return "\(bars)봉 전의 \(value(first))"
    case .count(let bars): return "최근 \(bars)봉 중 \(clause(first, .noun)) 봉의 수"
    case .since: return "마지막으로 \(clause(first, .noun)) 뒤 지난 봉의 수"
    case .valueWhen: return "마지막으로 \(clause(first, .noun)) 봉의 \(value(second))"
    case .absolute: return "\(value(first))의 절댓값"
    case .minimum: return "\(inputs.map { value($0) }.joined(separator: ", ")) 중 가장 작은 값"
    case .maximum: return "\(inputs.map { value($0) }.joined(separator: ", ")) 중 가장 큰 값"
    case .choose where inputs.count == 3:
      return "(\(clause(first, .when)) \(value(second)), 아니면 \(value(inputs[2])))"
    case .coalesce: return "\(value(first))(값이 없으면 \(value(second)))"
    default: return source.plain(node)
    }
  }

  private func nested(_ node: Int, isAnd: Bool, _ ending: Ending) -> String {
    let inner = clause(node, ending)
    switch source.graph.nodes[node].kind {
    case .operation(.and): return isAnd ? inner : "(\(inner))"
    case .operation(.or): return isAnd ? "(\(inner))" : inner
    default: return inner
    }
  }

  private func subject(_ node: Int) -> String {
    let text = value(node)
    return text + Particle.subject(text)
  }

  private func and(_ node: Int) -> String {
    let text = value(node)
    return text + Particle.and(text)
  }

  static func name(_ column: CandleSeries.Column) -> String {
    switch column {
    case .open: "시가"
    case .high: "고가"
    case .low: "저가"
    case .close: "종가"
    case .volume: "거래량"
    }
  }

  static func name(_ direction: Direction) -> String {
    switch direction {
    case .buy: "매수"
    case .sell: "매도"
    case .exitLong: "매수 청산"
    case .exitShort: "매도 청산"
    }
  }
}

/// Particles that depend on how the word before them ends.
enum Particle {
  static func subject(_ word: String) -> String { endsInConsonant(word) ? "이" : "가" }
  static func object(_ word: String) -> String { endsInConsonant(word) ? "을" : "를" }
  static func and(_ word: String) -> String { endsInConsonant(word) ? "과" : "와" }

  /// Of a syllable by its final consonant, of digits and some letters by how they are read. Brackets are not read.
  private static func endsInConsonant(_ word: String) -> Bool {
    guard let last = word.unicodeScalars.last(where: { !")]'\"".unicodeScalars.contains($0) }) else { return false }
    if (0xAC00...0xD7A3).contains(last.value) { return (last.value - 0xAC00) % 28 != 0 }
    return "013678LMNRlmnr".unicodeScalars.contains(last)
  }
}
