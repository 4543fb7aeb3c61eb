/// The forms of `kind: rotation` and `kind: portfolio`.
enum PortfolioSchema {
  static func rotation(head: [(String, JSONValue)], terms: [(String, JSONValue)], notify: JSONValue) -> JSONValue {
    let hold = SchemaForm.mapping(
      ["top"],
      [
        ("top", SchemaForm.described("How many symbols are held.", ranks)),
        ("until_rank", SchemaForm.described("One that is held is kept down to this rank; top, unless said.", ranks)),
      ])
    return measured(
      SchemaForm.mapping(
        ["name", "timeframe", "universe", "rank", "hold", "rebalance"],
        head + [
          ("timeframe", SchemaForm.described("The length of a bar.", SchemaForm.reference("duration"))),
          (
            "universe",
            SchemaForm.described("Symbols and @watchlists.", SchemaForm.list(of: SchemaForm.text, atLeast: 1))
          ),
        ] + terms + [
          (
            "rank",
            SchemaForm.described(
              "A number for each symbol; the higher the better.", SchemaForm.reference("expression"))
          ),
          (
            "where",
            SchemaForm.described(
              "Where it is not true a symbol is not ranked.", SchemaForm.reference("expression"))
          ),
          ("hold", hold),
        ] + weights + [
          (
            "rebalance",
            SchemaForm.described(
              "Decided on the first bar of each such period: 1mo, 1w, 1d.", SchemaForm.reference("duration"))
          ), ("notify", notify),
        ]))
  }

  static func portfolio(head: [(String, JSONValue)], notify: JSONValue) -> JSONValue {
    measured(
      SchemaForm.mapping(
        ["name", "strategies"],
        head + [
          (
            "strategies",
            SchemaForm.described(
              "The names of its strategies.",
              SchemaForm.list(of: SchemaForm.text, atLeast: 1, atMost: StrategyReader.memberLimit))
          ),
          (
            "symbols",
            SchemaForm.described(
              "Symbols and @watchlists, instead of those that the strategies name.",
              SchemaForm.list(of: SchemaForm.text, atLeast: 1))
          ),
        ] + weights + [
          ("max_positions", SchemaForm.described("The most positions at one time.", ranks)),
          (
            "on_conflict",
            SchemaForm.described(
              "Two strategies on opposite sides of one symbol: the first has its way, the entry is left out, or both "
                + "are held.", SchemaForm.words(Portfolio.Conflict.allCases.map(\.rawValue)))
          ),
          (
            "rebalance",
            SchemaForm.described(
              "Positions are brought back to their weights on the first bar of each such period.",
              SchemaForm.reference("duration"))
          ), ("notify", notify),
        ]))
  }

  private static let ranks = SchemaForm.whole(1...StrategyReader.topLimit)

  private static var weights: [(String, JSONValue)] {
    [
      (
        "weight",
        SchemaForm.described(
          "The share of each: equal, by inverse volatility, by trailing return, by trailing loss.",
          SchemaForm.words(Weighting.Rule.allCases.map(\.rawValue)))
      ),
      (
        "lookback",
        SchemaForm.described(
          "How many bars back volatility and return are measured; \(Weighting.initialLookback), unless said.",
          SchemaForm.whole(Weighting.lookbacks))
      ),
    ]
  }

  /// Equal weights look back on nothing.
  private static func measured(_ form: JSONValue) -> JSONValue {
    guard case .object(let entries) = form else { return form }
    let rules = Weighting.Rule.allCases.filter { $0 != .equal }.map(\.rawValue)
    let measures: JSONValue = .object([
      ("properties", .object([("weight", SchemaForm.words(rules))])), ("required", ["weight"]),
    ])
    return .object(
      entries + [("dependentSchemas", .object([("lookback", measures)]))])
  }
}
