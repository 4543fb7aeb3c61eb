/// The form of `candles:` in a test: `[open, high, low, close, volume]`, a mapping, or `_` for a missing bar.
enum CandleListSchema {
  static var form: JSONValue {
    let number: JSONValue = ["type": "number"]
    let row: JSONValue = ["minItems": .number(4), "maxItems": .number(5), "items": number]
    let mapping = SchemaForm.mapping(
      ["open", "high", "low", "close"],
      ["open", "high", "low", "close", "volume"].map { ($0, number) } + [("time", SchemaForm.text)])
    let candle: JSONValue = .object([
      ("if", ["type": "array"]), ("then", row),
      ("else", .object([("if", ["type": "object"]), ("then", mapping), ("else", ["const": "_"])])),
    ])
    return SchemaForm.list(of: candle, atLeast: 1)
  }
}
