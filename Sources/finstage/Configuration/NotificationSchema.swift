import Notifications
import Pipelines
import PluginKit
import Storage
import Trading

/// The JSON Schema of `routes:` and `notify:`.
enum NotificationSchema {
  static var routes: JSONValue {
    SchemaForm.list(
      of: SchemaForm.mapping(
        ["channels"],
        selection + [
          ("channels", SchemaForm.described("Names under channels.", SchemaForm.list(of: SchemaForm.text))),
          ("delivery", delivery), ("cooldown", cooldown),
        ]))
  }

  static var notify: JSONValue {
    SchemaForm.mapping([
      (
        "match",
        SchemaForm.described(
          "Whether all routes that hold a signal count, or the first alone. Default: all",
          SchemaForm.words(NoticeRules.Matching.allCases.map(\.rawValue)))
      ),
      ("templates", text("Folder of templates of one's own, relative to this file.")),
      ("delivery", delivery), ("cooldown", cooldown),
      (
        "hourly_cap",
        SchemaForm.described("Messages about a symbol within an hour. Default: 3", SchemaForm.whole(1...10_000))
      ),
      ("digest", time("How long messages of medium priority are gathered. Default: 1h")),
      ("max_age", time("From when on a signal is late. Default: the length of its bar")),
      (
        "group_by",
        SchemaForm.described(
          "What messages of high priority have in common to go as one.", oneOrMore(NoticeRules.Grouping.allCases))
      ),
      (
        "correlation",
        SchemaForm.described(
          "When symbols are said to have moved together.",
          SchemaForm.mapping([
            ("above", number("The least correlation of their daily returns. Default: 0.7", 0...1)),
            (
              "sessions",
              SchemaForm.described("How many returns are compared. Default: 60", SchemaForm.whole(10...1_000))
            ),
          ]))
      ),
      (
        "alarms",
        SchemaForm.described("Channels that are told of the host itself. Default: all", texts)
      ),
      ("reports", SchemaForm.described("Channels that get the reports. Default: all", texts)),
      ("group_wait", time("How long a group is gathered. Default: 1m")),
      ("quiet_hours", SchemaForm.described("A time of day in which messages wait.", quietHours)),
      ("filters", SchemaForm.described("Which signals are worth a message.", filters)),
      (
        "silences",
        SchemaForm.described(
          "Signals that nobody is told of for a time.",
          SchemaForm.list(
            of: SchemaForm.mapping(
              ["until", "reason"],
              selection + [
                ("from", text("When it begins; without it, at once.")), ("until", text("When it ends.")),
                ("reason", text("Why, for who reads it later.")),
              ])))
      ),
    ])
  }

  private static var selection: [(String, JSONValue)] {
    [
      ("strategies", SchemaForm.described("Names of strategies.", texts)),
      ("symbols", SchemaForm.described("Symbols and @watchlists.", texts)),
      ("categories", SchemaForm.described("Categories under instruments.", texts)),
      (
        "priority",
        SchemaForm.described("The strategies' own priorities.", oneOrMore(ChannelMessage.Priority.allCases))
      ),
    ]
  }

  private static var quietHours: JSONValue {
    let clock: JSONValue = .object([
      ("type", "string"), ("pattern", "^([01][0-9]|2[0-3]):[0-5][0-9]$"), ("examples", ["23:00"]),
    ])
    return SchemaForm.mapping(
      ["from", "to"],
      [
        ("from", clock), ("to", clock), ("timezone", text("Whose clocks; without it, those of timezone above.")),
        (
          "except",
          SchemaForm.described(
            "Priorities that go out all the same. Default: high", oneOrMore(ChannelMessage.Priority.allCases))
        ),
      ])
  }

  private static var filters: JSONValue {
    SchemaForm.mapping([
      ("types", SchemaForm.described("Directions that are told of.", oneOrMore(Direction.allCases))),
      ("confidence", number("The author's confidence, at least.", 0...100)),
      ("quality", number("The quality, at least.", 0...100)),
      (
        "success_rate",
        SchemaForm.described(
          "The measured success, at least: 0.6 or 60%.", .object([("type", ["number", "string"])]))
      ),
      (
        "samples",
        SchemaForm.described("From how many outcomes on success is known. Default: 5", SchemaForm.whole(1...1_000_000))
      ),
      ("strength", number("The strength, at least.", 0...100)),
      ("volume", number("The volume as a multiple of its usual one, at least.", 0...1_000_000)),
      (
        "market_fit",
        SchemaForm.described("No buy in a falling market and no sell in a rising one.", .object([("type", "boolean")]))
      ),
      (
        "missing",
        SchemaForm.described(
          "What a filter does whose fact is not known. Default: pass",
          SchemaForm.words(SignalFilters.Missing.allCases.map(\.rawValue)))
      ),
    ])
  }

  private static var delivery: JSONValue {
    SchemaForm.described(
      "Where nobody knows whether a message has arrived: repeat it with the same id, or leave it. Default: at_least_once",
      SchemaForm.words(Notice.Policy.allCases.map(\.rawValue)))
  }

  private static var cooldown: JSONValue {
    SchemaForm.described(
      "How long a strategy says the same of a symbol only once; 0 is none. Default: 1h",
      .object([("type", ["string", "integer"]), ("pattern", "^(0|0*[1-9][0-9]*(ms|s|m|h|d|w|mo))$")]))
  }

  private static var texts: JSONValue {
    .object([("anyOf", .array([SchemaForm.text, SchemaForm.list(of: SchemaForm.text)]))])
  }

  private static func oneOrMore<Word: RawRepresentable<String>>(_ words: [Word]) -> JSONValue {
    let form = SchemaForm.words(words.map(\.rawValue))
    return .object([("anyOf", .array([form, SchemaForm.list(of: form)]))])
  }

  private static func number(_ meaning: String, _ range: ClosedRange<Int>) -> JSONValue {
    SchemaForm.described(
      meaning,
      .object([
        ("type", "number"), ("minimum", .number(Double(range.lowerBound))),
        ("maximum", .number(Double(range.upperBound))),
      ]))
  }

  private static func time(_ meaning: String) -> JSONValue {
    SchemaForm.described(
      meaning, .object([("type", "string"), ("pattern", "^0*[1-9][0-9]*(ms|s|m|h|d|w|mo)$")]))
  }

  private static func text(_ meaning: String) -> JSONValue { SchemaForm.described(meaning, SchemaForm.text) }
}
