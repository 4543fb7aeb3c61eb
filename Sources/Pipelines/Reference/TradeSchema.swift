/// The form of `trade:`.
enum TradeSchema {
  static var form: JSONValue {
    SchemaForm.described(
      "How the signals are traded.",
      SchemaForm.mapping(
        [],
        [
          ("side", SchemaForm.words(["long", "short", "both"])), ("entry", entry), ("size", size), ("stop", stops),
          ("take_profit", targets), ("add", addition),
          ("max_bars", SchemaForm.described("A position is left after so many bars.", whole(1...100_000))),
          ("max_entries", entriesPerSession), ("flat", flat),
          (
            "reenter",
            SchemaForm.described(
              "After a stop: at the next signal, or while the condition is still true.",
              SchemaForm.words(["edge", "while_true"]))
          ),
          (
            "legs",
            SchemaForm.described(
              "With groups: what one unit of a position is made of, a weight for each role.",
              SchemaForm.named(SchemaForm.reference("expression")))
          ),
        ]))
  }

  private static var entry: JSONValue {
    let expires = JSONValue.object(
      [("description", "How long the order rests: 1b, 30m, session."), ("type", "string")]
        + SchemaForm.pattern(
          "^(0*([1-9][0-9]{0,3}|10000)(b|m|h|d|w|mo)|session)$", "1b for one bar, 30m or 2d for a time, or session"))
    let order = SchemaForm.oneOf([
      ("stop", [("stop", expression("The price of a stop order.")), ("expires", expires)]),
      ("limit", [("limit", expression("The price of a limit order.")), ("expires", expires)]),
    ])
    return .object([
      ("description", "market, or an order that rests from the bar after the signal on."),
      ("if", ["type": "object"]), ("then", order), ("else", SchemaForm.words(["market"])),
    ])
  }

  private static var size: JSONValue {
    let amount = JSONValue.object([
      ("description", "An amount of money."), ("type", "number"), ("exclusiveMinimum", .number(0)),
      ("maximum", .number(1e15)),
    ])
    return SchemaForm.described(
      "How much an entry takes, never more than there is.",
      SchemaForm.oneOf(
        [
          ("equity", [("equity", share(upTo: 1))]), ("fixed", [("fixed", amount)]),
          (
            "risk",
            [("risk", share(upTo: 1)), ("distance", expression("The distance in prices over which the risk is lost."))]
          ),
          ("volatility", [("volatility", share(upTo: 10)), ("bars", whole(2...10_000))]),
          (
            "kelly",
            [
              ("kelly", share(upTo: 1)), ("cap", share(upTo: 1)), ("floor", share(upTo: 1)),
              ("after", whole(2...100_000)),
            ]
          ),
        ], needing: ["risk": ["distance"]]))
  }

  private static var stops: JSONValue {
    let from = SchemaForm.words(["entry", "last_fill"])
    let mapping = SchemaForm.oneOf([
      ("at", [("at", share(upTo: 0.99)), ("from", from)]),
      ("distance", [("distance", expression("In prices.")), ("from", from)]),
      ("price", [("price", expression("Where it lies."))]),
      ("trail", [("trail", share(upTo: 0.99))]),
      ("when", [("when", expression("Tested at the close, leaves at the next fill."))]),
    ])
    let one = JSONValue.object([("if", ["type": "object"]), ("then", mapping), ("else", share(upTo: 0.99))])
    return .object([
      ("description", "Where a losing position is left; several at once as a list."), ("if", ["type": "array"]),
      ("then", SchemaForm.list(of: one, atLeast: 1, atMost: 8)), ("else", one),
    ])
  }

  private static var targets: JSONValue {
    let close = share(upTo: 1)
    let target = SchemaForm.oneOf([
      ("at", [("at", share(upTo: 100)), ("close", close)]),
      ("distance", [("distance", expression("In prices.")), ("close", close)]),
      ("price", [("price", expression("Where it lies.")), ("close", close)]),
    ])
    return .object([
      ("description", "A distance above the fill, or several with the share to close."),
      ("if", ["type": "array"]), ("then", ["items": target]), ("else", share(upTo: 100)),
    ])
  }

  private static var addition: JSONValue {
    SchemaForm.described(
      "Further units, each as large as the first.",
      SchemaForm.mapping(
        ["when", "units"],
        [
          ("when", expression("Tested at the close, fills next.")),
          ("units", SchemaForm.described("The most units, the first included.", whole(2...1_000))),
        ]))
  }

  private static var entriesPerSession: JSONValue {
    .object(
      [("description", "The most entries of a session: 1/session."), ("type", "string")]
        + SchemaForm.pattern("^ *0*([1-9][0-9]{0,2}|1000) */ *session *$", "write 1/session, up to 1000/session"))
  }

  private static var flat: JSONValue {
    .object(
      [("description", "Everything is left before the session's close."), ("type", "string")]
        + SchemaForm.pattern(
          "^ *session_close *(- *0*([1-9][0-9]{0,2}|1[0-3][0-9]{2}|14[0-3][0-9]) *m *|- *0*([1-9]|1[0-9]|2[0-3]) *h *)?$",
          "write session_close, or session_close - 5m"))
  }

  private static func expression(_ meaning: String) -> JSONValue {
    SchemaForm.described(meaning, SchemaForm.reference("expression"))
  }

  /// A whole number, or the name of one under `params:`.
  private static func whole(_ range: ClosedRange<Int>) -> JSONValue {
    .object(
      [
        ("type", ["integer", "string"]), ("minimum", .number(Double(range.lowerBound))),
        ("maximum", .number(Double(range.upperBound))),
      ]
        + SchemaForm.pattern(
          "^\(SchemaForm.word)$",
          "a whole number from \(range.lowerBound) to \(range.upperBound), or the name of one under params"))
  }

  /// A share above 0: 8% or 0.08, or the name of a number under `params:`.
  private static func share(upTo limit: Double) -> JSONValue {
    .object(
      [("type", ["number", "string"]), ("exclusiveMinimum", .number(0)), ("maximum", .number(limit))]
        + SchemaForm.pattern(
          "^(\(SchemaForm.word)|\(SharePattern.positive(upTo: limit)))$",
          "a share above 0 % and up to \(Int((limit * 100).rounded())) %: 8% or 0.08")
        + [("examples", ["8%", .number(0.08)])])
  }
}
