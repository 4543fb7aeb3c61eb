public import Pipelines
public import Trading

/// A strategy on one symbol of a portfolio: what it said there, and how it trades.
public struct PortfolioSleeve: Sendable {
  /// The strategy's name.
  public var strategy: String
  public var candles: CandleSeries
  public var run: SignalRun
  public var plan: TradePlan

  public init(strategy: String, candles: CandleSeries, run: SignalRun, plan: TradePlan) {
    self.strategy = strategy
    self.candles = candles
    self.run = run
    self.plan = plan
  }
}

/// One of them at work: its broker, and the signals that it has still to hear.
struct Sleeve {
  let strategy: String
  /// The strategy's place in the portfolio's list.
  let place: Int
  let symbol: Int
  var broker: Broker
  private let signals: [Signal]
  private var next = 0
  /// Of the last call that it heard.
  private(set) var confidence = 0.0

  init(_ given: PortfolioSleeve, place: Int, symbol: Int, counted: Range<Int>, broker: Broker) {
    strategy = given.strategy
    self.place = place
    self.symbol = symbol
    self.broker = broker
    signals = given.run.signals.filter { counted.contains($0.bar) }
  }

  /// Takes the signals of a bar, and of bars without prices before it.
  mutating func hear(_ bar: Int) {
    while next < signals.count, signals[next].bar <= bar {
      var end = next + 1
      while end < signals.count, signals[end].bar == signals[next].bar { end += 1 }
      broker.hear(signals[next..<end])
      if let call = signals[next..<end].last(where: { $0.direction.sign != 0 }) { confidence = call.confidence }
      next = end
    }
  }

  /// The side that it wants to enter at the next fill; nil where it wants nothing, or holds a position that stays.
  var wanted: Trade.Side? {
    guard let entry = broker.orders.entry, broker.position == nil || broker.orders.leave != nil else { return nil }
    return entry.side
  }

  /// The side of its position, or of an order that rests.
  var taken: Trade.Side? { broker.position?.side ?? broker.resting?.entry.side }

  mutating func giveUpEntry() {
    broker.orders.entry = nil
  }
}
