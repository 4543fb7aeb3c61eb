import Engine
import Pipelines

/// The JSON Schema of `schedule:`.
enum ScheduleSchema {
  static var value: JSONValue {
    let item = SchemaForm.mapping(
      ["job"],
      [
        ("job", SchemaForm.described("What is done.", SchemaForm.words(JobKind.names))),
        ("name", text("A name of its own, where a job stands twice. Default: the job")),
        (
          "every",
          SchemaForm.described(
            "A length of time, 1s to 366d; counted from 1970-01-01 in UTC, whole weeks from a Monday.",
            .object([("type", "string"), ("pattern", "^0*[1-9][0-9]*(s|m|h|d|w)$"), ("examples", ["90m"])]))
        ),
        (
          "cron",
          SchemaForm.described(
            "Minute, hour, day of the month, month, weekday; or @daily and its like.",
            .object([("type", "string"), ("minLength", .number(1)), ("examples", ["0 8 * * *"])]))
        ),
        ("timezone", text("The zone of cron: Asia/Seoul. Default: that of the configuration, or UTC")),
        (
          "at",
          SchemaForm.described(
            "A moment of each session of the exchange.",
            .object([
              ("type", "string"),
              ("pattern", "^ *session_(open|close) *([-+] *0*[1-9][0-9]*(ms|s|m|h|d) *)?$"),
              ("examples", ["session_close + 15m"]),
            ]))
        ),
        ("exchange", text("The calendar of at: a MIC such as XNYS, 24/7, FX, or a name under calendars.")),
        (
          "after",
          SchemaForm.described(
            "Jobs of the schedule: without a time of its own, the one that it follows; with one, those it waits for.",
            .object([("anyOf", .array([SchemaForm.text, SchemaForm.list(of: SchemaForm.text, atLeast: 1)]))]))
        ),
        (
          "misfire",
          SchemaForm.described(
            "What becomes of slots that are late. Default: run_once",
            SchemaForm.words(MisfirePolicy.Rule.allCases.map(\.rawValue)))
        ),
        ("grace", length("By how much a slot may begin later without being late. Default: 1m")),
        ("catch_up", SchemaForm.described("Late slots that run_all runs. Default: 10", SchemaForm.whole(1...10_000))),
        ("jitter", length("By how much a slot begins later, at most. Default: none")),
        ("max_instances", SchemaForm.described("Runs at one time. Default: 1", SchemaForm.whole(1...64))),
        ("timeout", length("After which a run is cancelled and has failed. Default: none")),
        ("retries", SchemaForm.described("Further attempts after a failure. Default: 0", retries)),
        (
          "lost",
          SchemaForm.described(
            "What becomes of a slot that ran when the host ended. Default: run_again",
            SchemaForm.words(JobPlan.Lost.allCases.map(\.rawValue)))
        ),
      ])
    guard case .object(let entries) = item else { return item }
    let bare: JSONValue = .object([
      ("required", ["after"]), ("not", .object([("anyOf", .array(["every", "cron", "at"].map(needs)))])),
    ])
    return SchemaForm.list(
      of: .object(
        entries + [
          ("oneOf", .array(["every", "cron", "at"].map(needs) + [bare])),
          (
            "dependentRequired",
            .object([("timezone", ["cron"]), ("exchange", ["at"]), ("at", ["exchange"])])
          ),
        ]))
  }

  private static func needs(_ key: String) -> JSONValue { .object([("required", [.string(key)])]) }

  private static var retries: JSONValue {
    let mapping = SchemaForm.mapping(
      ["count"],
      [
        ("count", SchemaForm.whole(0...100)), ("backoff", length("Until the first; then twice as long each time.")),
        ("longest", length("None waits longer.")),
      ])
    return .object([("if", ["type": "object"]), ("then", mapping), ("else", SchemaForm.whole(0...100))])
  }

  private static func text(_ meaning: String) -> JSONValue { SchemaForm.described(meaning, SchemaForm.text) }

  private static func length(_ meaning: String) -> JSONValue {
    SchemaForm.described(
      meaning, .object([("type", "string"), ("pattern", "^0*[1-9][0-9]*(ms|s|m|h|d|w|mo)$"), ("examples", ["10m"])]))
  }
}
