import Logging
import Trading

/// An entry of the log as it is written, without secrets.
struct LogEntry {
  let time: Instant
  let level: Logger.Level
  /// Who speaks: `finstage`, or a part of it.
  let logger: String
  let message: String
  /// Names and values, by name.
  let labels: [(name: String, value: String)]
  /// What stands in fields of its own where machines read: those whose names have a dot (`event.action`). The message
  /// says it to people.
  let fields: [(name: String, value: String)]
}

/// How an entry is written: one line, whatever stands in it.
protocol LogForm: Sendable {
  func line(_ entry: LogEntry) -> String
}

/// The forms that there are, by the words of `--log-format`.
enum LogFormat: String, CaseIterable {
  case text, json

  var form: any LogForm {
    switch self {
    case .text: TextLogForm()
    case .json: ECSLogForm()
    }
  }
}
