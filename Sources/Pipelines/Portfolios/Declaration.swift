/// What a file in the strategies' folder declares, by its `kind:`; without one it is a strategy.
public enum Declaration: Sendable {
  case strategy(Strategy)
  case rotation(Rotation)
  case portfolio(Portfolio)

  public enum Kind: String, Sendable, CaseIterable { case strategy, rotation, portfolio }

  /// The name, which is the file's name too.
  public var name: String {
    switch self {
    case .strategy(let strategy): strategy.name
    case .rotation(let rotation): rotation.name
    case .portfolio(let portfolio): portfolio.name
    }
  }

  public var title: String {
    switch self {
    case .strategy(let strategy): strategy.title
    case .rotation(let rotation): rotation.title
    case .portfolio(let portfolio): portfolio.title
    }
  }

  public var description: String {
    switch self {
    case .strategy(let strategy): strategy.description
    case .rotation(let rotation): rotation.description
    case .portfolio(let portfolio): portfolio.description
    }
  }

  public var kind: Kind {
    switch self {
    case .strategy: .strategy
    case .rotation: .rotation
    case .portfolio: .portfolio
    }
  }

  /// The strategy, where it is one.
  public var strategy: Strategy? { if case .strategy(let strategy) = self { strategy } else { nil } }
}
