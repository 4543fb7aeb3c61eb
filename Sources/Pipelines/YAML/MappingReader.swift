/// Reads one mapping key by key and, at the end, reports every key that nobody asked for.
public struct MappingReader {
  public let diagnostics: Diagnostics
  /// What the mapping is, for messages: "a strategy".
  public let what: String
  /// Where a missing key is reported.
  public let place: YAMLValue
  public let entries: [YAMLValue.Entry]
  private var known: [String] = []
  /// Keys that stand for a required one and have been reported.
  private var misspelt: [String] = []

  /// Nil, and reported, where the value is not a mapping.
  public init?(_ value: YAMLValue, _ what: String, at key: YAMLValue? = nil, _ diagnostics: Diagnostics) {
    guard let entries = value.entries else {
      diagnostics.report(
        .wrongType, at: value.text == nil || value.isNull ? key ?? value : value,
        "\(what) is a mapping of keys; found \(value.found)", hint: "write key: value pairs")
      return nil
    }
    if UnquotedComma.report(in: entries, to: diagnostics) { return nil }
    self.diagnostics = diagnostics
    self.what = what
    self.entries = entries
    place = key ?? entries.first?.key ?? value
  }

  /// The value of a key; nil where it is absent.
  public mutating func take(_ key: String) -> YAMLValue? { entry(key)?.value }

  public mutating func entry(_ key: String) -> YAMLValue.Entry? {
    if !known.contains(key) { known.append(key) }
    return entries.first { $0.name == key }
  }

  /// The same, and an absence is reported.
  public mutating func require(_ key: String, hint: String? = nil) -> YAMLValue? {
    if let value = take(key) { return value }
    // A misspelt key is one fault, not a missing and an unknown one. Among very many keys that is not looked for.
    if let near = entries.prefix(64).first(where: {
      !known.contains($0.name) && !misspelt.contains($0.name) && nearest($0.name, among: [key]) != nil
    }) {
      diagnostics.report(
        .unknownKey, at: near.key, "\(what) has no key \"\(near.name)\"", hint: "did you mean \"\(key)\"?")
      misspelt.append(near.name)
      return nil
    }
    diagnostics.report(.missingKey, at: place, "\(what) needs the key \"\(key)\"", hint: hint)
    return nil
  }

  /// Reports the keys that were not asked for.
  public func finish() {
    for entry in entries where !known.contains(entry.name) && !misspelt.contains(entry.name) {
      guard let name = entry.key.text else {
        diagnostics.report(.wrongType, at: entry.key, "a key is a word; found \(entry.key.found)")
        continue
      }
      diagnostics.report(
        .unknownKey, at: entry.key, "\(what) has no key \"\(name)\"",
        hint: suggestion(for: name, among: known, called: "keys"))
    }
  }
}

extension Diagnostics {
  /// The text of a scalar that is not null; anything else is reported.
  public func text(_ value: YAMLValue?, _ what: String) -> String? {
    guard let value else { return nil }
    if let text = value.text, !value.isNull { return resolved(text, at: value) }
    report(.wrongType, at: value, "\(what) is a text; found \(value.found)")
    return nil
  }

  /// One of a few words.
  public func word(_ value: YAMLValue?, _ what: String, of words: [String]) -> String? {
    guard let value, let text = text(value, what) else { return nil }
    if words.contains(text) { return text }
    report(
      .wrongType, at: value, "\(what) is one of \(words.joined(separator: ", ")); found \"\(text)\"",
      hint: nearest(text, among: words).map { "did you mean \"\($0)\"?" })
    return nil
  }

  public func flag(_ value: YAMLValue?, _ what: String) -> Bool? {
    word(value, what, of: ["true", "false"]).map { $0 == "true" }
  }

  /// A finite number; `2%` is 0.02 where a percentage is admitted.
  public func number(
    _ value: YAMLValue?, _ what: String, percent: Bool = false, hint: @autoclosure () -> String? = nil
  ) -> Double? {
    guard let value else { return nil }
    if let text = value.text, !value.isQuoted, let number = Diagnostics.number(text, percent: percent) { return number }
    let example = percent ? "a number or a percentage such as 2%" : "a number"
    report(
      .wrongType, at: value, "\(what) is \(example); found \(value.found)\(value.isQuoted ? ", a text in quotes" : "")",
      hint: value.isQuoted ? "leave out the quotes" : hint())
    return nil
  }

  /// A decimal number as people write one: no hexadecimal, no infinity, no octal.
  public static func number(_ text: String, percent: Bool) -> Double? {
    let isPercent = percent && text.hasSuffix("%")
    let digits = isPercent ? text.dropLast() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ ($0 >= 48 && $0 <= 57) || "+-.eE".utf8.contains($0) }),
      let number = Double(digits), number.isFinite
    else { return nil }
    return isPercent ? number / 100 : number
  }

  public func whole(_ value: YAMLValue?, _ what: String, _ range: ClosedRange<Int>) -> Int? {
    guard let value, let number = number(value, what) else { return nil }
    if let whole = Int(exactly: number), range.contains(whole) { return whole }
    report(
      .outOfRange, at: value,
      "\(what) is a whole number from \(range.lowerBound) to \(range.upperBound); found \(value.found)")
    return nil
  }

  /// The items of a list; anything else is reported.
  public func list(_ value: YAMLValue?, _ what: String) -> [YAMLValue]? {
    guard let value else { return nil }
    if let items = value.items { return items }
    report(
      .wrongType, at: value, "\(what) is a list; found \(value.found)",
      hint: "write [a, b], or lines that begin with \"- \"")
    return nil
  }
}
