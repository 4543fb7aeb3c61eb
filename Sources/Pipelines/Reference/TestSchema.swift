/// The form of one of the `tests:`.
enum TestSchema {
  static var form: JSONValue {
    SchemaForm.mapping(
      ["name"],
      [
        ("name", SchemaForm.described("What it shows, as a sentence.", SchemaForm.text)), ("closes", series("closes")),
        ("opens", series("opens; the close before, unless said")),
        ("highs", series("highs; the greater of open and close, unless said")),
        ("lows", series("lows; the lesser of open and close, unless said")),
        ("volumes", series("volumes; 1000, unless said")),
        ("candles", SchemaForm.described("Instead of closes.", SchemaForm.list(of: ["anyOf": [row, candle, gap]]))),
        ("data", SchemaForm.described("Instead of both: a price file, relative to this one.", SchemaForm.text)),
        ("from", SchemaForm.described("The first date whose signals count.", SchemaForm.text)),
        ("to", SchemaForm.described("The last date whose signals count.", SchemaForm.text)),
        ("expect", SchemaForm.described("Every signal that there is.", SchemaForm.list(of: signal))),
        (
          "must_not_fire",
          .object([("description", "The same as expect: []."), ("enum", [true, false, "true", "false"])])
        ),
        (
          "at_least",
          .object([("description", "More signals may stand."), ("enum", [true, false, "true", "false"])])
        ),
      ])
  }

  private static var signal: JSONValue {
    SchemaForm.mapping(
      ["direction"],
      [
        ("bar", SchemaForm.described("Counted from 0.", SchemaForm.whole(0...SeriesNotation.limit - 1))),
        ("time", SchemaForm.described("Instead of bar: 2008-01-31.", SchemaForm.text)),
        ("direction", SchemaForm.words(["buy", "sell", "exit_long", "exit_short"])),
        ("confidence", SchemaForm.described("75, or 60..90.", ["type": ["number", "string"]])),
        ("reason", SchemaForm.described("A text that the reason contains.", SchemaForm.text)),
        ("price", ["type": "number"]),
      ])
  }

  private static var row: JSONValue {
    ["type": "array", "items": ["type": "number"], "minItems": .number(4), "maxItems": .number(5)]
  }

  private static var candle: JSONValue {
    SchemaForm.mapping(
      ["open", "high", "low", "close"],
      ["open", "high", "low", "close", "volume"].map { ($0, ["type": "number"]) } + [("time", SchemaForm.text)])
  }

  private static let gap: JSONValue = .object([("const", "_")])

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
