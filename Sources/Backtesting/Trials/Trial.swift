public import Pipelines
public import Trading

/// One configuration over one instrument, as the ledger keeps it: figures, and no bar.
public struct Trial: Hashable, Sendable {
  public var configuration: TrialConfiguration
  /// The name under which it was first tried.
  public var strategy: String
  /// What a sweep set, by `id.param`.
  public var params: [String: Double]
  public var symbol: String
  public var timeframe: Timeframe
  /// The first and the last of the bars that counted, and how many there were.
  public var first, last: Instant
  public var bars: Int
  /// Of the adjusted returns; nil where they do not vary, or the account fell to nothing.
  public var moments: ReturnMoments?
  /// Sums of the adjusted returns by calendar blocks; nil where the account fell to nothing.
  public var blocks: TrialBlocks?
  /// All dates on which the configuration was tried on this instrument, where they reach further than `first` and `last`.
  var tried: ClosedRange<Instant>

  /// A trial from its figures. `blocks` are sums of the adjusted returns over `calendar`; empty is none.
  public init(
    _ configuration: TrialConfiguration, strategy: String, params: [String: Double], symbol: String,
    timeframe: Timeframe, dates: ClosedRange<Instant>, bars: Int, moments: ReturnMoments?, blocks: [BlockSums],
    calendar: CalendarBlocks
  ) {
    self.init(
      configuration, strategy: strategy, params: params, symbol: symbol, timeframe: timeframe, dates: dates,
      bars: bars, moments: moments,
      blocks: blocks.isEmpty
        ? nil : TrialBlocks(milliseconds: calendar.milliseconds, first: calendar.first, sums: blocks))
  }

  init(
    _ configuration: TrialConfiguration, strategy: String, params: [String: Double], symbol: String,
    timeframe: Timeframe, dates: ClosedRange<Instant>, bars: Int, moments: ReturnMoments?, blocks: TrialBlocks?
  ) {
    self.configuration = configuration
    self.strategy = strategy
    self.params = params
    self.symbol = symbol
    self.timeframe = timeframe
    first = dates.lowerBound
    last = dates.upperBound
    self.bars = bars
    self.moments = moments
    self.blocks = blocks
    tried = dates
  }

  /// A trial from a result; nil where no bar counted. Over many strategies, make `TrialConfigurations` and
  /// `CalendarBlocks` once.
  public init?(
    _ configuration: TrialConfiguration, params: [String: Double] = [:], result: BacktestResult,
    calendar: CalendarBlocks? = nil
  ) {
    guard let first = result.times.first, let last = result.times.last, first <= last else { return nil }
    let calendar = calendar ?? CalendarBlocks(result.times)
    let returns = result.adjustedReturns
    self.init(
      configuration, strategy: result.strategy, params: params, symbol: result.instrument, timeframe: result.timeframe,
      dates: first...last, bars: result.bars, moments: returns.flatMap { ReturnMoments($0) },
      blocks: returns.map { calendar.sums($0) } ?? [], calendar: calendar)
  }

  /// The same of one strategy.
  public init?(
    strategy: Strategy, params: [String: Double] = [:], result: BacktestResult, options: BacktestOptions
  ) {
    var configurations = TrialConfigurations(options)
    self.init(configurations.configuration(of: strategy), params: params, result: result)
  }

  /// What makes it another row than any other, besides its dates.
  var key: TrialKey { TrialKey(hash: configuration.hash, data: TrialData(symbol: symbol, timeframe: timeframe)) }
}

/// What trials are counted within.
public struct TrialData: Hashable, Sendable {
  public var symbol: String
  public var timeframe: Timeframe

  public init(symbol: String, timeframe: Timeframe) {
    self.symbol = symbol
    self.timeframe = timeframe
  }
}

struct TrialKey: Hashable, Sendable {
  var hash: ConfigurationHash
  var data: TrialData
}
