/// What a file in the strategies' folder declares, by its `kind:`; without one it is a strategy.
public enum Declaration: Sendable {
  case strategy(Strategy)
  case rotation(Rotation)
  case portfolio(Portfolio)
  case priceAlert(PriceAlert)

  public enum Kind: String, Sendable, CaseIterable {
    case strategy, rotation, portfolio
    case priceAlert = "price_alert"
  }

  /// The name, which is the file's name too.
  public var name: String {
    switch self {
    case .strategy(let strategy): strategy.name
    case .rotation(let rotation): rotation.name
    case .portfolio(let portfolio): portfolio.name
    case .priceAlert(let alert): alert.name
    }
  }

  public var title: String {
    switch self {
    case .strategy(let strategy): strategy.title
    case .rotation(let rotation): rotation.title
    case .portfolio(let portfolio): portfolio.title
    case .priceAlert(let alert): alert.title
    }
  }

  public var description: String {
    switch self {
    case .strategy(let strategy): strategy.description
    case .rotation(let rotation): rotation.description
    case .portfolio(let portfolio): portfolio.description
    case .priceAlert(let alert): alert.description
    }
  }

  public var kind: Kind {
    switch self {
    case .strategy: .strategy
    case .rotation: .rotation
    case .portfolio: .portfolio
    case .priceAlert: .priceAlert
    }
  }

  /// What makes signals of its own: the strategy, or each rule of a price alert.
  public var strategies: [Strategy] {
    switch self {
    case .strategy(let strategy): [strategy]
    case .priceAlert(let alert): alert.strategies
    case .rotation, .portfolio: []
    }
  }

  /// The strategy, where it is one.
  public var strategy: Strategy? { if case .strategy(let strategy) = self { strategy } else { nil } }
}
