/// One key that a source admits in the config. Validation, schema and reference page read it.
public struct SourceSetting: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable { case text, number, duration }

  public let name: String
  public let kind: Kind
  public let isRequired: Bool
  /// What it means, in one line, with its unit.
  public let meaning: String

  public init(_ name: String, _ kind: Kind, required: Bool = false, meaning: String) {
    self.name = name
    self.kind = kind
    self.isRequired = required
    self.meaning = meaning
  }

  /// Whether a value is of the kind: any text but the empty one, a finite number, a length such as `30m` or `10s`.
  public func admits(_ value: String) -> Bool {
    switch kind {
    case .text: return !value.isEmpty
    case .number: return Double(value)?.isFinite ?? false
    case .duration:
      let count = value.prefix { $0.isASCII && $0.isNumber }
      guard let length = Int(count), length > 0 else { return false }
      return ["s", "m", "h", "d", "w", "mo"].contains(value.dropFirst(count.count))
    }
  }
}

/// What is wrong with one key of a source's settings.
public struct SettingFault: Hashable, Sendable {
  public let name: String
  /// What was found and what is admitted.
  public let message: String
}

extension DataSource {
  /// The faults of settings in their order: unknown keys, values of another kind, missing keys. `type` is not among
  /// the settings.
  public static func faults(in settings: [String: String]) -> [SettingFault] {
    let names = self.settings.map(\.name)
    var faults: [SettingFault] = []
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      guard let setting = self.settings.first(where: { $0.name == name }) else {
        let message = "\(name) is no setting of \(id); admitted: \(names.joined(separator: ", "))"
        faults.append(SettingFault(name: name, message: message))
        continue
      }
      if !setting.admits(value) {
        faults.append(SettingFault(name: name, message: "\(name) is '\(value)', where a \(setting.kind) is admitted"))
      }
    }
    for setting in self.settings where setting.isRequired && settings[setting.name] == nil {
      faults.append(SettingFault(name: setting.name, message: "\(id) needs \(setting.name): \(setting.meaning)"))
    }
    return faults
  }
}
