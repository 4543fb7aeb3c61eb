import Trading

extension PortfolioFigures: Encodable {
  /// `portfolio` of an entry.
  public func encode(to encoder: any Encoder) throws {
    var entry = encoder.container(keyedBy: Key.self)
    try entry.encode(members.map { Row(member: $0, key: "symbol") }, forKey: "members")
    if !strategies.isEmpty {
      try entry.encode(strategies.map { Row(member: $0, key: "name") }, forKey: "strategies")
    }
    try entry.encode(decisions, forKey: "decisions")
    try entry.encode(correlations, forKey: "correlations")
    try entry.encode(skipped, forKey: "skipped")
    try entry.encode(conflicts, forKey: "conflicts")
  }
}

/// A row of `members` or `strategies`.
private struct Row: Encodable {
  let member: PortfolioFigures.Member
  let key: Key

  func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.encode(member.name, forKey: key)
    try row.encode(member.trades, forKey: "trades")
    try row.number(member.pnl, "pnl")
    try row.number(member.fees, "fees")
    try row.number(member.contribution, "contribution")
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
