import MarketData
import Pipelines
public import PluginKit
import Trading

extension InboundSource {
  /// The word after `type:`.
  public static let id = "inbound"
  public static let summary = "Signals from outside, by the HTTP API: docs/inbound.md."

  public static let settings: [PluginSetting] = [
    PluginSetting("secret", .text, secret: true, meaning: "the secret that the sender signs each message with"),
    PluginSetting("token", .text, secret: true, meaning: "instead of a secret: a token that each message brings"),
    PluginSetting(
      "token_in", .text,
      meaning:
        "where the token stands: header (Authorization: Bearer; default), path or body, for who can set no header"),
    PluginSetting("token_path", .text, meaning: "with token_in: body, the path to the token; default: token"),
    PluginSetting(
      "tolerance", .duration, meaning: "how far the moment that a message names may be from now; default: 5m"),
    PluginSetting("symbol", .text, required: true, meaning: "the path to the symbol, such as ticker or order.0.pair"),
    PluginSetting("direction", .text, meaning: "the path to what is called for: buy, sell, exit_long, exit_short"),
    PluginSetting("price", .text, required: true, meaning: "the path to the price at which it was said"),
    PluginSetting("strategy", .text, meaning: "the path to the name of the strategy"),
    PluginSetting("interval", .text, meaning: "the path to the length of a bar"),
    PluginSetting("id", .text, meaning: "the path to what tells a message from others, whatever it says"),
    PluginSetting("time", .text, meaning: "the path to the moment at which the message was made"),
    PluginSetting("confidence", .text, meaning: "the path to the confidence, 0 to 100"),
    PluginSetting("reason", .text, meaning: "the path to a text that says why"),
    PluginSetting(
      "defaults", .mapping,
      meaning: "what holds where a message says nothing: direction, strategy, confidence (default: 50), reason"),
    PluginSetting("directions", .mapping, meaning: "the sender's words and ours: { long: buy, flat: exit_long }"),
    PluginSetting("intervals", .mapping, meaning: "the sender's lengths and ours: { \"60\": 1h, D: 1d }"),
    PluginSetting("symbols", .mapping, meaning: "your symbols and the sender's: { BTCUSDT: BTC/USDT }"),
    PluginSetting("strip", .text, meaning: "signs to take out of symbols that symbols: does not name, such as /"),
    PluginSetting("timeframe", .text, meaning: "the bars over which its signals are judged, where interval names none"),
    PluginSetting("rate", .number, meaning: "messages a second, from 0.1 to 10000; default: 200"),
    PluginSetting("burst", .number, meaning: "so many at once, from 1 to 100000; default: 1000"),
    PluginSetting("priority", .text, meaning: "of its notices: high, medium (default) or low"),
    PluginSetting("channels", .list, meaning: "who is told, whatever routes: says"),
    PluginSetting("cooldown", .duration, meaning: "how long after a notice of a symbol and strategy the next may go"),
  ]

  /// What cannot be used, by the name of the setting; every fault is told.
  public struct Faults: Error, Sendable {
    public var faults: [(name: String, sentence: String)]
  }

  /// The shortest secret that is not guessed, in bytes.
  public static let shortestSecret = 16

  /// Takes the settings by name, whose kinds have been checked.
  public init(name: String, settings: PluginSettings) throws(Faults) {
    var reader = InboundSettingsReader(settings)
    let proof = reader.proof()
    self.init(name: name, proof: proof ?? .header(token: ""))
    for field in Field.allCases { paths[field] = reader.path(field.rawValue) }
    for (key, text) in reader.pairs("defaults") {
      let admitted: [Field] = [.direction, .strategy, .confidence, .reason]
      guard let field = admitted.first(where: { $0.rawValue == key }) else {
        reader.report("defaults", "\"\(key)\" has no default; those have: direction, strategy, confidence, reason")
        continue
      }
      defaults[field] = text
    }
    for (theirs, ours) in reader.pairs("directions") {
      if let direction = Direction(rawValue: ours) {
        directions[theirs.lowercased()] = direction
      } else {
        reader.report("directions", "\"\(ours)\" is none of \(Self.words)")
      }
    }
    for (theirs, ours) in reader.pairs("intervals") {
      if let length = reader.length("intervals", ours) { intervals[theirs] = length }
    }
    for (ours, theirs) in reader.pairs("symbols") { symbols[theirs] = ours }
    strip = settings.text("strip") ?? ""
    timeframe = settings.text("timeframe").flatMap { reader.length("timeframe", $0) }
    tolerance = settings.duration("tolerance") ?? tolerance
    rate = reader.number("rate", 0.1...10_000) ?? rate
    burst = reader.number("burst", 1...100_000) ?? burst
    if let word = settings.text("priority") {
      if let priority = Notify.Priority(rawValue: word) {
        notify.priority = priority
      } else {
        reader.report("priority", "is high, medium or low; found \"\(word)\"")
      }
    }
    notify.channels = settings.list("channels") ?? []
    notify.cooldown = settings.text("cooldown").flatMap { reader.length("cooldown", $0) }
    if let word = defaults[.direction], direction(word) == nil {
      reader.report("defaults", "direction \"\(word)\" is none of \(Self.words)")
    }
    if let text = defaults[.confidence], Self.confidence(text) == nil {
      reader.report("defaults", "confidence is a number from 0 to 100; found \"\(text)\"")
    }
    if let text = defaults[.strategy], !Self.isName(text) {
      reader.report("defaults", "strategy \"\(text)\" is no name: \(Self.nameRule)")
    }
    if paths[.direction] == nil, defaults[.direction] == nil {
      reader.report("direction", "is missing: a path to it, or defaults: { direction: buy }")
    }
    if paths[.strategy] == nil, defaults[.strategy] == nil {
      reader.report("strategy", "is missing: a path to its name, or defaults: { strategy: NAME }")
    }
    if paths[.interval] == nil, timeframe == nil, settings.text("timeframe") == nil {
      reader.report("timeframe", "is missing: timeframe: 1d, or interval: with the path to it")
    }
    guard reader.faults.isEmpty else { throw Faults(faults: reader.faults) }
  }

  static let words = Direction.allCases.map(\.rawValue).joined(separator: ", ")
  static let nameRule = "1 to 100 letters, digits, points, dashes, underscores and spaces"

  /// Whether a text may stand in the path at which the source is written to.
  public static func isSourceName(_ text: String) -> Bool {
    (1...60).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      }
  }

  static func isName(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count) && text.first != " " && text.last != " "
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
          || ["-", "_", ".", " "].contains(scalar)
      }
  }

  static func confidence(_ text: String) -> Double? {
    Double(decimal: text).flatMap { (0...100).contains($0) ? $0 : nil }
  }

  /// A word of the sender's, or one of ours.
  func direction(_ word: String) -> Direction? {
    let word = word.lowercased()
    return directions[word] ?? Direction(rawValue: word)
  }
}

/// Reads settings, and keeps what is wrong with them.
private struct InboundSettingsReader {
  private let settings: PluginSettings
  private(set) var faults: [(name: String, sentence: String)] = []

  init(_ settings: PluginSettings) { self.settings = settings }

  mutating func report(_ name: String, _ sentence: String) { faults.append((name, "\(name): \(sentence)")) }

  func pairs(_ name: String) -> [(key: String, value: String)] {
    (settings.mapping(name) ?? [:]).sorted { $0.key < $1.key }
  }

  mutating func path(_ name: String) -> JSONPath? {
    guard let text = settings.text(name) else { return nil }
    if let path = JSONPath(text) { return path }
    report(name, "is a path such as order.0.symbol or \"last price\"; found \"\(text)\"")
    return nil
  }

  mutating func length(_ name: String, _ text: String) -> Timeframe? {
    if let length = Timeframe(text) { return length }
    report(name, "\"\(text)\" is no length; write 1m 5m 15m 1h 4h 1d 1w 1mo")
    return nil
  }

  mutating func number(_ name: String, _ range: ClosedRange<Double>) -> Double? {
    guard let number = settings.number(name) else { return nil }
    if range.contains(number) { return number }
    report(name, "is a number from \(range.lowerBound) to \(range.upperBound); found \(number)")
    return nil
  }

  mutating func proof() -> InboundSource.Proof? {
    let (secret, token) = (settings.text("secret"), settings.text("token"))
    let place = settings.text("token_in")
    if let text = secret ?? token, !text.contains("${"), text.utf8.count < InboundSource.shortestSecret {
      report(
        secret == nil ? "token" : "secret",
        "is too short to be safe: it has \(text.utf8.count) bytes, and \(InboundSource.shortestSecret) is the least")
    }
    switch (secret, token) {
    case (nil, nil):
      report("secret", "is missing: who may send? Write secret: \"${env:NAME}\", or token: for who cannot sign")
    case (_?, _?): report("token", "stands beside secret: one of them says who may send")
    case (let secret?, nil):
      if place != nil { report("token_in", "stands without a token") }
      return .signature(secret: secret)
    case (nil, let token?):
      switch place ?? "header" {
      case "header": return .header(token: token)
      case "path": return .path(token: token)
      case "body":
        let place = settings.text("token_path") == nil ? JSONPath("token") : path("token_path")
        return place.map { .body(token: token, $0) }
      default: report("token_in", "is header, path or body; found \"\(place ?? "")\"")
      }
    }
    return nil
  }
}
