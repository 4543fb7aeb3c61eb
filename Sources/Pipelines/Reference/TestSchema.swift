/// The form of one of the `tests:`.
enum TestSchema {
  static var form: JSONValue {
    SchemaForm.mapping(
      ["name", "closes", "expect"],
      [
        ("name", SchemaForm.described("What it shows, as a sentence.", SchemaForm.text)), ("closes", series("closes")),
        ("opens", series("opens; the close before, unless said")),
        ("highs", series("highs; the greater of open and close, unless said")),
        ("lows", series("lows; the lesser of open and close, unless said")),
        ("volumes", series("volumes; 1000, unless said")),
        ("expect", SchemaForm.described("Every signal that there is.", SchemaForm.list(of: signal))),
        (
          "at_least",
          .object([("description", "More signals may stand."), ("enum", [true, false, "true", "false"])])
        ),
      ])
  }

  private static var signal: JSONValue {
    SchemaForm.mapping(
      ["bar", "direction"],
      [
        ("bar", SchemaForm.described("Counted from 0.", SchemaForm.whole(0...SeriesNotation.limit - 1))),
        ("direction", SchemaForm.words(["buy", "sell", "exit_long", "exit_short"])),
      ])
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
