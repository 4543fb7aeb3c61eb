public import Trading

/// What a rotation or a portfolio has to say beyond the figures of one symbol. Ratios are fractions.
public struct PortfolioFigures: Sendable {
  /// What one symbol, or one strategy, brought. The contributions add up to the total return.
  public struct Member: Hashable, Sendable {
    /// The symbol's or the strategy's.
    public var name: String
    /// Rows of trades, the one that is open at the end among them.
    public var trades: Int
    /// In money, after fees.
    public var pnl: Double
    public var fees: Double
    /// Profit over the money at the start.
    public var contribution: Double
  }

  /// The shares of the equity that were aimed at on one bar; what they leave is cash.
  public struct Decision: Hashable, Sendable {
    public struct Weight: Hashable, Sendable {
      public var symbol: String
      public var weight: Double
    }

    /// The bar at whose open it is filled (with fills at the close: the bar after that).
    public var time: Instant
    /// By the alphabet.
    public var weights: [Weight]
  }

  /// By the alphabet, those that were never held among them.
  public var members: [Member]
  /// By the alphabet; none in a rotation.
  public var strategies: [Member] = []
  public var decisions: [Decision]
  /// Nil with more symbols than `CorrelationMatrix.limit`.
  public var correlations: CorrelationMatrix?
  /// Entries that were left out because the most positions were held, and because of opposite positions.
  public var skipped = 0
  public var conflicts = 0
}

extension PortfolioFigures.Member {
  /// The shares in the trades of symbols or strategies.
  static func all(
    _ names: [String], of trades: [Trade], by key: KeyPath<Trade, String?>, start: Double
  ) -> [PortfolioFigures.Member] {
    let byName = Dictionary(grouping: trades) { $0[keyPath: key] ?? "" }
    return names.map { name in
      let own = byName[name] ?? []
      let profit = own.reduce(0) { $0 + $1.pnl }
      return Self(
        name: name, trades: own.count, pnl: profit, fees: own.reduce(0) { $0 + $1.fees },
        contribution: profit / start)
    }
  }
}

extension BacktestResult {
  /// What was traded, by which trials are told apart: the symbol, or all those of a portfolio, whatever its name.
  var instrument: String {
    guard let names = portfolio?.members.map(\.name) else { return symbol }
    let all = names.joined(separator: "+")
    guard names.count > 8 else { return all }
    return "\(names.count) symbols \(ConfigurationHash(of: Array(all.utf8)).description.prefix(8))"
  }
}
