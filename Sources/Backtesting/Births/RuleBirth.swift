public import Pipelines
public import Trading

/// When a rule was first seen. Whatever came after the day of its birth cannot have been in the mind of who wrote it.
public struct RuleBirth: Hashable, Sendable {
  public var rule: ConfigurationHash
  public var seen: Instant
  /// The rule that the strategy had before; nil for its first one.
  public var ancestor: ConfigurationHash?
  /// How many rules the strategy has had by now, this one among them.
  public var rules: Int

  public init(rule: ConfigurationHash, seen: Instant, ancestor: ConfigurationHash? = nil, rules: Int = 1) {
    self.rule = rule
    self.seen = seen
    self.ancestor = ancestor
    self.rules = rules
  }

  /// The first UTC date that is out-of-sample: the one after the date of the birth.
  public var outOfSample: Instant { Instant(seconds: Int64(seen.day + 1) * 86_400) }

  /// Whether a bar of this opening time is out-of-sample.
  public func precedes(_ time: Instant) -> Bool { time.day > seen.day }
}

/// A backtest before and after the birth of its rule: each part is a backtest of its own with the money at the start, as
/// `--to` the date of the birth and `--from` the one after it make it.
public struct BirthSplit: Hashable, Sendable {
  /// One part. `metrics` is nil where it has no bars.
  public struct Part: Hashable, Sendable {
    public var bars: Int
    /// Opening times of its first and its last bar.
    public var first, last: Instant?
    public var signals: Int
    public var outcomes: [HorizonOutcome]
    public var metrics: Metrics?

    public init(
      bars: Int = 0, first: Instant? = nil, last: Instant? = nil, signals: Int = 0, outcomes: [HorizonOutcome] = [],
      metrics: Metrics? = nil
    ) {
      self.bars = bars
      self.first = first
      self.last = last
      self.signals = signals
      self.outcomes = outcomes
      self.metrics = metrics
    }

    init(_ result: BacktestResult) {
      self.init(
        bars: result.bars, first: result.times.first, last: result.times.last, signals: result.signals.count,
        outcomes: result.outcomes, metrics: result.bars > 0 ? result.metrics : nil)
    }
  }

  public var birth: RuleBirth
  public var before: Part
  /// Out-of-sample.
  public var after: Part

  public init(birth: RuleBirth, before: Part, after: Part) {
    self.birth = birth
    self.before = before
    self.after = after
  }
}

extension BacktestResult {
  /// Whether some of its bars came after the day of the birth.
  public func isDivided(by birth: RuleBirth) -> Bool { times.last.map(birth.precedes) ?? false }

  /// Notes what it is before and after the birth of its rule; where it is not divided, all of it is before.
  public mutating func note(_ birth: RuleBirth, before: BacktestResult? = nil, after: BacktestResult? = nil) {
    self.birth = BirthSplit(
      birth: birth, before: BirthSplit.Part(before ?? self), after: after.map { BirthSplit.Part($0) } ?? .init())
  }
}

extension BacktestOptions {
  /// The same over what is out-of-sample.
  public func after(_ birth: RuleBirth) -> BacktestOptions {
    var options = self
    options.outcomesInDetail = false
    options.from = max(from ?? birth.outOfSample, birth.outOfSample)
    return options
  }

  /// The same to the day of the birth.
  public func before(_ birth: RuleBirth) -> BacktestOptions {
    var options = self
    options.outcomesInDetail = false
    options.to = min(to ?? birth.seen, birth.seen)
    return options
  }
}

/// Notes in results what they are before and after the births of their rules. What depends on the prices alone is worked
/// out once for all rules of one day.
public struct BirthReplays {
  private let market: Market
  private let options: BacktestOptions
  private var prepared: [BacktestOptions: Backtest] = [:]

  public init(on market: Market, options: BacktestOptions) {
    self.market = market
    self.options = options
  }

  public mutating func divide(_ result: inout BacktestResult, at birth: RuleBirth, _ run: SignalRun, _ plan: TradePlan)
  {
    guard result.isDivided(by: birth) else { return result.note(birth) }
    let before = replay(run, plan, result.strategy, options.before(birth))
    result.note(birth, before: before, after: replay(run, plan, result.strategy, options.after(birth)))
  }

  /// What came after the birth alone.
  public mutating func after(
    _ birth: RuleBirth, _ run: SignalRun, _ plan: TradePlan, _ strategy: String
  ) -> BirthSplit.Part {
    BirthSplit.Part(replay(run, plan, strategy, options.after(birth)))
  }

  private mutating func replay(
    _ run: SignalRun, _ plan: TradePlan, _ strategy: String, _ options: BacktestOptions
  ) -> BacktestResult {
    let backtest = prepared[options] ?? Backtest(on: market, options: options)
    prepared[options] = backtest
    return backtest.result(of: run, plan: plan, strategy: strategy)
  }
}
