public import Trading

/// A rule with parameters, by name. It holds no loop and no state: it rewrites itself into terms.
public protocol SignalModule: Configurable {
  static var id: String { get }
  static var summary: String { get }
  static var parameters: [Parameter<Self>] { get }
  /// How many earlier steps it reads.
  static var inputs: StepCount { get }
  static var examples: [SignalExample] { get }

  /// What is wrong between the parameters, each of which is admitted by itself; nil where nothing is.
  var conflict: String? { get }
  /// What is wrong between the parameters and the steps that are combined; nil where nothing is.
  func conflict(with steps: [Step]) -> String?
  func rule(_ steps: [Step]) -> Rule
}

extension SignalModule {
  public static var inputs: StepCount { .none }
  public static var parameters: [Parameter<Self>] { [] }
  public var conflict: String? { nil }
  public func conflict(with steps: [Step]) -> String? { nil }
}

/// How many steps a combinator combines.
public enum StepCount: Hashable, Sendable {
  case none
  case exactly(Int)
  case atLeast(Int)
}

/// An earlier step of the pipeline, as a combinator sees it.
public struct Step: Sendable {
  public let id: String
  /// +1 buy, −1 sell, 0 neither, NaN unknown.
  public let vote: Term

  public init(id: String, vote: Term) {
    self.id = id
    self.vote = vote
  }
}

/// What a signal module says: two conditions, a confidence, and how to tell the reason. `{name}` in a reason is the
/// quoted term of that name; it is read only where a signal stands.
public struct Rule: Sendable {
  public var buy, sell: Term
  /// 0 to 100.
  public var confidence: Term
  public var quotes: [(name: String, term: Term)]
  public var buyReason, sellReason: String

  public init(
    buy: Term, sell: Term, confidence: Term, quotes: [(name: String, term: Term)] = [], buyReason: String,
    sellReason: String
  ) {
    self.buy = buy
    self.sell = sell
    self.confidence = confidence
    self.quotes = quotes
    self.buyReason = buyReason
    self.sellReason = sellReason
  }
}

/// A worked case of a signal module, in the notation of a strategy's own tests.
public struct SignalExample: Sendable {
  public let settings: [String: Setting]
  /// Series notation: `100x30 103`.
  public let closes: String
  public let volumes: String?
  /// Closes that make the inputs of a combinator: one step `close > N` buy, `close < N` sell, for each N.
  public let inputLevels: [Double]
  /// Bar and direction of every signal there is.
  public let signals: [(bar: Int, direction: Direction)]
  public let note: String

  public init(
    _ settings: [String: Setting] = [:], closes: String, volumes: String? = nil, inputLevels: [Double] = [],
    gives signals: [(bar: Int, direction: Direction)], note: String
  ) {
    self.settings = settings
    self.closes = closes
    self.volumes = volumes
    self.inputLevels = inputLevels
    self.signals = signals
    self.note = note
  }
}

extension StepCount {
  /// The fewest and the most steps; nil where there are none, or no bound.
  public var least: Int? {
    switch self {
    case .none: nil
    case .atLeast(let count), .exactly(let count): count
    }
  }

  public var most: Int? { if case .exactly(let count) = self { count } else { nil } }
}
