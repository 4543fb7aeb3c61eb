/// One key that a source or a channel admits in the config. Validation, schema and reference page read it.
public struct PluginSetting: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case text, number, duration, flag
    /// Texts in order, or one of them alone.
    case list
    /// Texts by names that the user chooses.
    case mapping
  }

  public let name: String
  public let kind: Kind
  public let isRequired: Bool
  /// A key or a token: it should stand outside the configuration, and no message shows it.
  public let isSecret: Bool
  /// What it means, in one line, with its unit.
  public let meaning: String

  public init(_ name: String, _ kind: Kind, required: Bool = false, secret: Bool = false, meaning: String) {
    self.name = name
    self.kind = kind
    self.isRequired = required
    self.isSecret = secret
    self.meaning = meaning
  }

  /// Whether a value is of the kind: any text but the empty one, a finite number, a length such as `30m` or `10s`,
  /// `true` or `false`, a list or a mapping of texts.
  public func admits(_ value: SettingValue) -> Bool {
    switch (kind, value) {
    case (.list, .list(let items)): return !items.contains("")
    case (.list, .text(let item)): return !item.isEmpty
    case (.mapping, .mapping(let entries)): return !entries.values.contains("")
    case (.text, .text(let text)): return !text.isEmpty
    case (.number, .text(let text)): return Double(text)?.isFinite ?? false
    case (.flag, .text(let text)): return text == "true" || text == "false"
    case (.duration, .text(let text)): return SettingValue.milliseconds(text) != nil
    default: return false
    }
  }
}

/// What stands under a key of a source or a channel.
public enum SettingValue: Hashable, Sendable {
  case text(String)
  case list([String])
  case mapping([String: String])

  /// A length such as `250ms`, `10s`, `30m`, `4h`, `7d`; nil where the text is none.
  public static func milliseconds(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units: [String: Int64] = [
      "ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "mo": 2_592_000_000,
    ]
    guard let count = Int64(digits), count > 0, let unit = units[String(text.dropFirst(digits.count))] else {
      return nil
    }
    let (length, overflow) = count.multipliedReportingOverflow(by: unit)
    return overflow ? nil : length
  }
}

extension SettingValue: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self = .text(text) }
}

/// The settings of one source or channel by name, as checked against what it states.
public struct PluginSettings: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  public var values: [String: SettingValue]

  public init(_ values: [String: SettingValue]) { self.values = values }

  public init(dictionaryLiteral elements: (String, SettingValue)...) {
    self.init(Dictionary(elements, uniquingKeysWith: { first, _ in first }))
  }

  public func text(_ name: String) -> String? {
    if case .text(let text) = values[name] { text } else { nil }
  }

  public func number(_ name: String) -> Double? { text(name).flatMap { Double($0) } }

  public func flag(_ name: String) -> Bool? { text(name).map { $0 == "true" } }

  /// In milliseconds.
  public func duration(_ name: String) -> Int64? { text(name).flatMap { SettingValue.milliseconds($0) } }

  public func list(_ name: String) -> [String]? {
    switch values[name] {
    case .list(let items): items
    case .text(let item): [item]
    default: nil
    }
  }

  public func mapping(_ name: String) -> [String: String]? {
    if case .mapping(let entries) = values[name] { entries } else { nil }
  }
}
