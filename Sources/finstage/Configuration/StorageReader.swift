import Pipelines
import PluginKit
import Storage

extension Configuration {
  /// `storage:` as read, with its defaults.
  struct Storage {
    /// Relative to the configuration.
    var sqlite = "var/finstage.db"
    var readers = 4
    /// Seconds.
    var timeout = 10.0
    var backup: Backup?
  }

  struct Backup {
    /// Relative to the configuration.
    var folder: String
    /// Milliseconds.
    var every: Int64 = 86_400_000
    var keep = 7
  }
}

extension ConfigurationReader {
  func storage(_ entry: YAMLValue.Entry?) -> Configuration.Storage {
    var storage = Configuration.Storage()
    guard let entry, var file = MappingReader(entry.value, "storage", at: entry.key, diagnostics) else {
      return storage
    }
    if let path = diagnostics.text(file.take("sqlite"), "sqlite") { storage.sqlite = path }
    if let other = file.entry("postgres"), diagnostics.text(other.value, "postgres") != nil {
      diagnostics.report(
        .notActedOn, at: other.key, "this version keeps everything in SQLite, and does not act on \"postgres\"")
    }
    if let readers = diagnostics.whole(file.take("readers"), "readers", 1...64) { storage.readers = readers }
    if let timeout = length(file.take("timeout"), "timeout") { storage.timeout = Double(timeout) / 1_000 }
    storage.backup = backup(file.entry("backup"))
    file.finish()
    return storage
  }

  private func backup(_ entry: YAMLValue.Entry?) -> Configuration.Backup? {
    guard let entry, var file = MappingReader(entry.value, "backup", at: entry.key, diagnostics) else { return nil }
    let folder = diagnostics.text(file.require("folder", hint: "the folder of the backups"), "folder")
    var backup = Configuration.Backup(folder: folder ?? "")
    if let every = length(file.take("every"), "every") { backup.every = every }
    if let keep = diagnostics.whole(file.take("keep"), "keep", 1...10_000) { backup.keep = keep }
    file.finish()
    return folder == nil ? nil : backup
  }

  /// `retention:`, a length of time by table.
  func retention(_ entry: YAMLValue.Entry?) -> [RetentionRule] {
    guard let entry, let entries = MappingReader(entry.value, "retention", at: entry.key, diagnostics)?.entries
    else { return [] }
    return entries.compactMap { rule in
      if let reason = RetainedTable.reasonToKeep(rule.name) {
        diagnostics.report(
          .keptData, at: rule.key, "\(rule.name) are never deleted: \(reason)", hint: "take the rule out")
        return nil
      }
      guard let table = RetainedTable(rawValue: rule.name) else {
        diagnostics.report(
          .unknownKey, at: rule.key, "retention has no key \"\(rule.name)\"",
          hint: suggestion(for: rule.name, among: RetainedTable.allCases.map(\.rawValue), called: "keys"))
        return nil
      }
      return length(rule.value, rule.name).map { RetentionRule(table, olderThan: $0) }
    }
  }

  /// Milliseconds.
  func length(_ value: YAMLValue?, _ what: String) -> Int64? {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    if let length = SettingValue.milliseconds(text) { return length }
    diagnostics.report(
      .badTime, at: value, "\(what) \(value.found) is no length of time", hint: "write 10s, 30m, 24h, 365d")
    return nil
  }
}
