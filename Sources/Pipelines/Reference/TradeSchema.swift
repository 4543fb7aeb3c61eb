/// The form of `trade:`.
enum TradeSchema {
  static var form: JSONValue {
    let target = SchemaForm.mapping(["at"], [("at", share(upTo: 100)), ("close", share(upTo: 1))])
    return SchemaForm.described(
      "How the signals are traded.",
      SchemaForm.mapping(
        [],
        [
          ("side", SchemaForm.words(["long", "short", "both"])),
          (
            "size",
            SchemaForm.described(
              "What a position costs, as a share of the equity.",
              SchemaForm.mapping(["equity"], [("equity", share(upTo: 1))]))
          ),
          ("stop", SchemaForm.described("Distance below the fill at which it is left.", share(upTo: 0.99))),
          (
            "take_profit",
            .object([
              ("description", "A distance above the fill, or several with the share to close."),
              ("if", ["type": "array"]), ("then", ["items": target]), ("else", share(upTo: 100)),
            ])
          ),
          ("max_bars", SchemaForm.described("A position is left after so many bars.", SchemaForm.whole(1...100_000))),
        ]))
  }

  /// A share above 0: 8% or 0.08.
  private static func share(upTo limit: Double) -> JSONValue {
    .object(
      [("type", ["number", "string"]), ("exclusiveMinimum", .number(0)), ("maximum", .number(limit))]
        + SchemaForm.pattern(
          "^\(SharePattern.positive(upTo: limit))$",
          "a share above 0 % and up to \(Int((limit * 100).rounded())) %: 8% or 0.08")
        + [("examples", ["8%", .number(0.08)])])
  }
}
