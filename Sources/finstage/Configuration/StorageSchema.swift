import Pipelines
import Storage

/// The JSON Schema of `storage:` and `retention:`.
enum StorageSchema {
  static var storage: JSONValue {
    SchemaForm.mapping([
      ("sqlite", text("The database's file, relative to this file. Default: var/finstage.db")),
      ("postgres", text("Read, and not acted on in this version.")),
      ("readers", whole("Connections that read beside the one that writes. Default: 4", 1, 64)),
      ("timeout", length("How long a statement waits for another process's lock. Default: 10s")),
      ("backup", SchemaForm.described("Backups by schedule and by `backup --rotate`.", backup)),
    ])
  }

  private static var backup: JSONValue {
    SchemaForm.mapping(
      ["folder"],
      [
        ("folder", text("The folder of the backups, relative to this file.")),
        ("every", length("How old the latest may become. Default: 24h")),
        ("keep", whole("How many are kept. Default: 7", 1, 10_000)),
      ])
  }

  static var retention: JSONValue {
    SchemaForm.mapping(
      RetainedTable.allCases.map { ($0.rawValue, length("How long rows of \($0.rawValue) are kept.")) })
  }

  private static func text(_ meaning: String) -> JSONValue { SchemaForm.described(meaning, SchemaForm.text) }

  private static func length(_ meaning: String) -> JSONValue {
    SchemaForm.described(
      meaning, .object([("type", "string"), ("pattern", "^0*[1-9][0-9]*(ms|s|m|h|d|w|mo)$"), ("examples", ["30m"])]))
  }

  private static func whole(_ meaning: String, _ from: Double, _ to: Double) -> JSONValue {
    SchemaForm.described(
      meaning, .object([("type", "integer"), ("minimum", .number(from)), ("maximum", .number(to))]))
  }
}
