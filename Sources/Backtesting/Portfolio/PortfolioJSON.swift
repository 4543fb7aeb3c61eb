import Trading

extension PortfolioFigures: Encodable {
  /// `portfolio` of an entry.
  public func encode(to encoder: any Encoder) throws {
    var entry = encoder.container(keyedBy: Key.self)
    try entry.encode(members, forKey: "members")
    try entry.encode(decisions, forKey: "decisions")
    try entry.encode(correlations, forKey: "correlations")
    try entry.encode(skipped, forKey: "skipped")
    try entry.encode(conflicts, forKey: "conflicts")
  }
}

extension PortfolioFigures.Member: Encodable {
  /// A row of `members`.
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.encode(symbol, forKey: "symbol")
    try row.encode(trades, forKey: "trades")
    try row.number(pnl, "pnl")
    try row.number(fees, "fees")
    try row.number(contribution, "contribution")
  }
}

extension PortfolioFigures.Decision: Encodable {
  /// A row of `decisions`: the weights by symbol.
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.encode(time.description, forKey: "time")
    var shares = row.nestedContainer(keyedBy: Key.self, forKey: "weights")
    for weight in weights { try shares.number(weight.weight, Key(stringValue: weight.symbol)) }
  }
}

extension CorrelationMatrix: Encodable {
  /// `correlations`: rows and columns in the order of `symbols`.
  public func encode(to encoder: any Encoder) throws {
    var matrix = encoder.container(keyedBy: Key.self)
    try matrix.encode(symbols, forKey: "symbols")
    try matrix.encode(values.map { $0.map { $0.flatMap(finite) } }, forKey: "matrix")
    try matrix.encode(counts, forKey: "returns")
  }
}
