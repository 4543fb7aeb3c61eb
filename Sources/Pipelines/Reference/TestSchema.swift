/// The form of one of the `tests:`.
enum TestSchema {
  static var form: JSONValue { form([], expected: [said]) }

  /// The same with further keys; `expected` are the keys that say what a signal is.
  static func form(_ more: [(String, JSONValue)], expected: [(String, JSONValue)]) -> JSONValue {
    let keys = keys(more, expected)
    guard case .object(let entries) = keys else { return keys }
    return .object(entries + choices)
  }

  private static func keys(_ more: [(String, JSONValue)], _ expected: [(String, JSONValue)]) -> JSONValue {
    SchemaForm.mapping(
      ["name"],
      more + [
        ("name", SchemaForm.described("What it shows, as a sentence.", SchemaForm.text)), ("closes", series("closes")),
        ("opens", series("opens; the close before, unless said")),
        ("highs", series("highs; the greater of open and close, unless said")),
        ("lows", series("lows; the lesser of open and close, unless said")),
        ("volumes", series("volumes; 1000, unless said")),
        (
          "others",
          SchemaForm.described(
            "Closes of other roles or symbols, beside closes.", SchemaForm.named(SchemaForm.reference("series")))
        ),
        (
          "news",
          SchemaForm.described("News of the symbol, each with its score.", SchemaForm.list(of: TestFactSchema.item))
        ),
        (
          "filings",
          SchemaForm.described("Figures of its statements, as filed.", SchemaForm.list(of: TestFactSchema.figure))
        ),
        ("candles", SchemaForm.described("Candle by candle, instead of closes.", CandleListSchema.form)),
        ("data", SchemaForm.described("A price file, instead of closes.", SchemaForm.text)),
        ("from", SchemaForm.described("Of data: the first time that is compared.", SchemaForm.text)),
        ("to", SchemaForm.described("Of data: the last time that is compared.", SchemaForm.text)),
        ("expect", SchemaForm.described("Every signal that there is.", SchemaForm.list(of: signal(expected)))),
        ("must_not_fire", SchemaForm.described("The same as expect: []", flag)),
        ("at_least", SchemaForm.described("More signals may stand.", flag)),
      ])
  }

  /// Keys that belong together, and keys that exclude each other.
  private static var choices: [(String, JSONValue)] {
    let silent: JSONValue = ["properties": ["must_not_fire": ["enum": [true, "true"]]], "required": ["must_not_fire"]]
    return [
      ("oneOf", [["required": ["closes"]], ["required": ["candles"]], ["required": ["data"]]]),
      (
        "dependentRequired",
        [
          "opens": ["closes"], "highs": ["closes"], "lows": ["closes"], "volumes": ["closes"],
          "others": ["closes"], "from": ["data"],
          "to": ["data"],
        ]
      ),
      ("if", silent), ("then", ["properties": ["expect": false, "at_least": false]]),
      ("else", ["required": ["expect"]]),
    ]
  }

  private static let flag: JSONValue = ["enum": [true, false, "true", "false"]]

  private static let said = ("direction", SchemaForm.words(["buy", "sell", "exit_long", "exit_short"]))

  private static func signal(_ expected: [(String, JSONValue)]) -> JSONValue {
    let number = "([0-9]+\\.?[0-9]*|\\.[0-9]+)"
    let form = SchemaForm.mapping(
      expected.map(\.0),
      expected + [
        ("bar", SchemaForm.described("Counted from 0.", ["type": "integer", "minimum": .number(0)])),
        ("time", SchemaForm.described("Of the bar, instead of bar.", SchemaForm.text)),
        (
          "confidence",
          .object(
            [("type", ["number", "string"]), ("minimum", .number(0)), ("maximum", .number(100))]
              + SchemaForm.pattern("^\(number)(\\.\\.\(number))?$", "a number from 0 to 100, or a range such as 60..90")
          )
        ),
        ("reason", SchemaForm.text), ("price", ["type": "number"]),
      ])
    guard case .object(let entries) = form else { return form }
    return .object(entries + [("oneOf", [["required": ["bar"]], ["required": ["time"]]])])
  }

  private static func series(_ meaning: String) -> JSONValue {
    SchemaForm.described("The \(meaning): 100x30 103, 101+1x5, _x3", SchemaForm.reference("series"))
  }

  /// Series notation.
  static var notation: JSONValue {
    let number = "[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][0-9]+)?"
    let step = "[-+]([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][0-9]+)?"
    let times = "x\\+?0*([1-9][0-9]{0,4}|100000)"
    let item = "(_(\(times))?|\(number)((\(step))?\(times))?)"
    return .object(
      [("type", ["string", "number"])]
        + SchemaForm.pattern(
          "^[\\s,]*\(item)([\\s,]+\(item))*[\\s,]*$",
          "a series is written 100, 100x30, 101+1x5, 110-0.5x4 or _x3"))
  }
}
