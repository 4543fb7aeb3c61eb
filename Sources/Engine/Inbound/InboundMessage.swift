public import MarketData
import SeriesMath
public import Storage
public import Trading

/// What a message from outside says, read and checked.
public struct InboundMessage: Sendable, Hashable {
  public var record: SignalRecord
  public var mark: InboundMark
}

extension InboundSource {
  /// The longest text that is kept of a message's reason, in characters; id and symbol have their own limits in bytes.
  static let longestReason = 500
  static let longestID = 200
  static let longestSymbol = 64

  /// Reads what is believed. Everything that is wrong is told at once.
  public func message(_ document: JSON, at now: Instant) throws(InboundFault) -> InboundMessage {
    var reader = InboundReader(source: self, document: document)
    let symbol = reader.symbol()
    let direction = reader.direction()
    let price = reader.price()
    let strategy = reader.strategy()
    let timeframe = reader.timeframe()
    let confidence = reader.confidence()
    let id = reader.id()
    let time = reader.time()
    let reason = reader.reason()
    guard reader.faults.isEmpty, let symbol, let direction, let price, let strategy, let timeframe else {
      throw .misfit(reader.faults)
    }
    if let time, abs(now.milliseconds - time.milliseconds) > tolerance {
      throw .outOfTime("it was made at \(time), and it is \(now): \(tolerance / 1_000) s is admitted")
    }
    let record = SignalRecord(
      strategy: self.strategy(strategy), version: "outside", symbol: symbol, timeframe: timeframe,
      signal: Signal(
        time: now, bar: -1, direction: direction, confidence: confidence, price: price,
        reason: reason ?? "said by \(name)"), source: name)
    let digest = Self.digest([
      strategy, symbol, "\(timeframe)", direction.rawValue, "\(confidence)", "\(price)", reason ?? "", id ?? "",
      time.map { "\($0.milliseconds)" } ?? "",
    ])
    // Without an id and a moment the same may be said again another day.
    let mark = InboundMark(
      source: name, key: id.map { "id \($0)" } ?? "said \(digest)", digest: digest,
      holds: id == nil && time == nil ? 2 * tolerance : nil)
    return InboundMessage(record: record, mark: mark)
  }

  /// SHA-256 of texts, each with its length before it so that none can stand for two.
  private static func digest(_ texts: [String]) -> String {
    var hash = SHA256()
    for text in texts { hash.update(Array("\(text.utf8.count):\(text)".utf8)) }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: hash.value().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// Reads a message field by field, and keeps what is wrong.
private struct InboundReader {
  let source: InboundSource
  let document: JSON
  private(set) var faults: [InboundFault.Item] = []

  init(source: InboundSource, document: JSON) {
    self.source = source
    self.document = document
  }

  private mutating func report(_ field: InboundSource.Field, _ sentence: String) {
    let place = source.paths[field].map { " at \"\($0.text)\"" } ?? ""
    faults.append(InboundFault.Item(field.rawValue, sentence + place))
  }

  /// What stands at the path; an empty text and null are nothing.
  private func value(_ field: InboundSource.Field) -> JSON? {
    guard let found = source.paths[field]?.find(in: document), found != .null, found != .text("") else {
      return source.defaults[field].map { .text($0) }
    }
    return found
  }

  /// A text, or a number or flag as it is written.
  private mutating func text(_ field: InboundSource.Field, upTo limit: Int) -> String? {
    let text: String
    switch value(field) {
    case nil: return nil
    case .text(let found): text = found
    case .number(let number): text = Self.written(number)
    case .flag(let flag): text = "\(flag)"
    case let found?:
      report(field, "a text is wanted, and there is \(found.found)")
      return nil
    }
    let isSound = text.utf8.count <= limit && !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    if isSound { return text }
    report(field, "a text of 1 to \(limit) bytes without control characters is wanted, and there is none")
    return nil
  }

  private mutating func required(_ field: InboundSource.Field, upTo limit: Int) -> String? {
    let count = faults.count
    if let text = text(field, upTo: limit) { return text }
    if faults.count == count { report(field, "nothing stands") }
    return nil
  }

  /// `17` and not `17.0`.
  private static func written(_ number: Double) -> String {
    Int64(exactly: number).map { "\($0)" } ?? "\(number)"
  }

  mutating func symbol() -> String? {
    guard let text = required(.symbol, upTo: InboundSource.longestSymbol) else { return nil }
    if let own = source.symbols[text] { return own }
    let stripped = text.filter { !source.strip.contains($0) }
    let isSymbol =
      !stripped.isEmpty && !stripped.hasPrefix("@")
      && stripped.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 0x20 && $0 != "\"" && $0 != "\\" }
    if isSymbol { return stripped }
    report(.symbol, "\"\(text)\" is no symbol")
    return nil
  }

  mutating func direction() -> Direction? {
    guard let word = required(.direction, upTo: 100) else { return nil }
    if let direction = source.direction(word) { return direction }
    let admitted = Direction.allCases.map(\.rawValue) + source.directions.keys.sorted()
    report(.direction, "\"\(word)\" is none of \(admitted.joined(separator: ", "))")
    return nil
  }

  mutating func price() -> Double? {
    switch value(.price) {
    case nil: report(.price, "nothing stands")
    case let found?:
      if let price = found.number, price.isFinite { return price }
      report(.price, "a number is wanted, and there is \(found.found)")
    }
    return nil
  }

  mutating func strategy() -> String? {
    guard let text = required(.strategy, upTo: 400) else { return nil }
    if InboundSource.isName(text) { return text }
    report(.strategy, "\"\(text.prefix(100))\" is no name: \(InboundSource.nameRule)")
    return nil
  }

  mutating func timeframe() -> Timeframe? {
    guard source.paths[.interval] != nil else { return source.timeframe }
    guard let text = text(.interval, upTo: 20) else {
      if source.timeframe == nil, !faults.contains(where: { $0.field == "interval" }) {
        report(.interval, "nothing stands")
      }
      return source.timeframe
    }
    if let length = source.intervals[text] ?? Timeframe(text) { return length }
    report(.interval, "\"\(text)\" is no length of a bar; intervals: gives the sender's words")
    return nil
  }

  mutating func confidence() -> Double {
    guard let found = value(.confidence) else { return 50 }
    if let number = found.number, (0...100).contains(number) { return number }
    report(.confidence, "a number from 0 to 100 is wanted, and there is \(found.found)")
    return 50
  }

  /// Where the source names a path to it, there must be one: without it a message could not be told from its repeat.
  mutating func id() -> String? {
    source.paths[.id] == nil ? nil : required(.id, upTo: InboundSource.longestID)
  }

  mutating func time() -> Instant? {
    guard source.paths[.time] != nil, let text = required(.time, upTo: 64) else { return nil }
    if let time = Instant(text) { return time }
    report(.time, "\"\(text)\" is no time; write 2026-01-31T15:00:00Z, or epoch seconds or milliseconds")
    return nil
  }

  mutating func reason() -> String? {
    guard let found = value(.reason) else { return nil }
    guard let text = found.text else {
      report(.reason, "a text is wanted, and there is \(found.found)")
      return nil
    }
    // A sender's line ends are no reason to lose a signal.
    let line = String(
      text.unicodeScalars.prefix(4 * InboundSource.longestReason).map { scalar in
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : Character(scalar)
      })
    return String(line.prefix(InboundSource.longestReason))
  }
}
