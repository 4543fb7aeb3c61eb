public import Trading

/// What a price alert watches for. Each measures the price of an observation, the close of a bar, against another: its
/// base.
public enum AlertRule: String, Sendable, Hashable, CaseIterable {
  /// Against the close of the session before.
  case priceRise = "price_rise"
  case priceDrop = "price_drop"
  /// Against the high and the low of the session before.
  case breakPreviousHigh = "break_prev_high"
  case breakPreviousLow = "break_prev_low"
  /// Against the highest price quoted on any earlier bar, or so far.
  case newHigh = "new_high"
  case dropFromHigh = "drop_from_high"
  /// Against the observation before.
  case surge, plunge
  /// The opening of the session, against the close of the session before.
  case gapUp = "gap_up"
  case gapDown = "gap_down"

  /// A rise is a `buy` and a fall a `sell`, so that outcomes can be told of it; nothing is to be traded by it.
  public var direction: Direction {
    switch self {
    case .priceRise, .breakPreviousHigh, .newHigh, .surge, .gapUp: .buy
    case .priceDrop, .breakPreviousLow, .dropFromHigh, .plunge, .gapDown: .sell
    }
  }

  /// Whether it is beyond a level, by a margin that may be nothing; else a threshold has to be named.
  var isBreak: Bool {
    switch self {
    case .breakPreviousHigh, .breakPreviousLow, .newHigh: true
    default: false
    }
  }

  /// The threshold where the file names none; nil where it has to.
  var initialThreshold: Double? {
    switch self {
    case .surge, .plunge: 0.05
    case .breakPreviousHigh, .breakPreviousLow, .newHigh: 0
    default: nil
    }
  }

  /// From which change on the priority is high, where the file does not say; nil leaves it as it is.
  var initialHigh: Double? { self == .surge || self == .plunge ? 0.1 : nil }

  /// How long it is not told again, where neither the rule nor the file says.
  var cooldown: Timeframe {
    switch self {
    case .newHigh, .dropFromHigh: Timeframe(6, .hour)
    default: Timeframe(1, .hour)
    }
  }

  /// On which of the bars at which its condition is true it speaks.
  enum Occasion {
    /// On each: its base is another one at each bar.
    case bar
    /// On the first, and again on the first of a session: its base is another one in each session.
    case session
    /// On the first, until it is false again.
    case start
  }

  var occasion: Occasion {
    switch self {
    case .surge, .plunge: .bar
    case .dropFromHigh: .start
    // A session has one opening.
    case .gapUp, .gapDown: .bar
    default: .session
    }
  }

  public var title: String {
    switch self {
    case .priceRise: "Price rise"
    case .priceDrop: "Price drop"
    case .breakPreviousHigh: "Above the previous session's high"
    case .breakPreviousLow: "Below the previous session's low"
    case .newHigh: "New all-time high"
    case .dropFromHigh: "Drop from the all-time high"
    case .surge: "Surge"
    case .plunge: "Plunge"
    case .gapUp: "Gap up"
    case .gapDown: "Gap down"
    }
  }
}
