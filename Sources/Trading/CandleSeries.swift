/// The candles of one instrument at one timeframe, as columns: the opening times and one block of five columns
/// (open, high, low, close, volume) that stand one after another, each `count` long.
///
/// Times ascend strictly. A missing bar is a row whose prices are NaN; nothing else in a series is.
public struct CandleSeries: Sendable {
  /// The columns in the order in which they stand in the block.
  public enum Column: Int, Sendable, CaseIterable {
    case open, high, low, close, volume

    /// The column of a name such as `close`; nil where there is none.
    public init?(named name: String) {
      guard let column = Column.allCases.first(where: { "\($0)" == name }) else { return nil }
      self = column
    }
  }

  public let instrument: Instrument
  public let timeframe: Timeframe
  public let times: [Instant]
  /// Five columns of `count` values: `block[column.rawValue * count + bar]`.
  public let block: [Double]
  let holes: Holes
  /// What an exchange calendar says of the bars; nil where none is known.
  public let sessions: BarSessions?
  /// What is paid on the shares; nil where one kind of price serves for everything.
  public let adjustment: PriceAdjustment?
  /// Whether signals read prices that are adjusted by other factors than 1.
  public let isRestated: Bool

  /// Takes columns that are already laid out. `block` holds five values a time.
  public init(
    instrument: Instrument, timeframe: Timeframe, times: [Instant], block: [Double], sessions: BarSessions? = nil
  ) {
    precondition(block.count == times.count * Column.allCases.count, "a block holds five columns of one length")
    precondition(sessions.map { $0.count == times.count } ?? true, "a session for each bar")
    self.sessions = sessions
    adjustment = nil
    isRestated = false
    self.instrument = instrument
    self.timeframe = timeframe
    self.times = times
    self.block = block
    holes = Holes(block.span, count: times.count)
  }

  /// The same bars with what a calendar says of them.
  init(_ series: CandleSeries, sessions: BarSessions) {
    precondition(sessions.count == series.count, "a session for each bar")
    (instrument, timeframe, times, block) = (series.instrument, series.timeframe, series.times, series.block)
    (holes, self.sessions, adjustment) = (series.holes, sessions, series.adjustment)
    isRestated = series.isRestated
  }

  /// The same bars with what is paid on them.
  init(_ series: CandleSeries, adjustment: PriceAdjustment) {
    (instrument, timeframe, times, block) = (series.instrument, series.timeframe, series.times, series.block)
    (holes, sessions, self.adjustment) = (series.holes, series.sessions, adjustment)
    isRestated = !adjustment.factors.isEmpty
  }

  /// The same bars under another symbol.
  public func named(_ symbol: String) -> CandleSeries {
    let renamed = CandleSeries(
      instrument: Instrument(symbol: symbol), timeframe: timeframe, times: times, block: block, sessions: sessions)
    return adjustment.map { CandleSeries(renamed, adjustment: $0) } ?? renamed
  }

  public init(instrument: Instrument, timeframe: Timeframe, candles: [Candle]) {
    var block: [Double] = []
    block.reserveCapacity(candles.count * 5)
    block += candles.map(\.open)
    block += candles.map(\.high)
    block += candles.map(\.low)
    block += candles.map(\.close)
    block += candles.map(\.volume)
    self.init(instrument: instrument, timeframe: timeframe, times: candles.map(\.time), block: block)
  }

  @inlinable public var count: Int { times.count }

  /// One column, bar 0 first.
  public func column(_ column: Column) -> ArraySlice<Double> {
    block[column.rawValue * count..<(column.rawValue + 1) * count]
  }

  @inlinable
  public func value(_ column: Column, at bar: Int) -> Double { block[column.rawValue * times.count + bar] }

  public subscript(bar: Int) -> Candle {
    Candle(
      time: times[bar], open: value(.open, at: bar), high: value(.high, at: bar), low: value(.low, at: bar),
      close: value(.close, at: bar), volume: value(.volume, at: bar))
  }

  /// Whether the row is a missing bar.
  @inlinable
  public func isMissing(_ bar: Int) -> Bool { value(.close, at: bar).isNaN }

  /// The moment at which the bar is closed: by the exchange calendar, without one its open and the timeframe.
  public func knownAt(_ bar: Int) -> Instant { sessions?.closes[bar] ?? timeframe.knownAt(open: times[bar]) }
}

/// One bar: prices in the instrument's currency, volume in its units.
public struct Candle: Hashable, Sendable {
  public var time: Instant
  public var open, high, low, close, volume: Double

  public init(time: Instant, open: Double, high: Double, low: Double, close: Double, volume: Double) {
    self.time = time
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
  }
}

/// What is traded. A symbol is the source's own text: `^IXIC`, `000660`, `ON`.
public struct Instrument: Hashable, Sendable {
  public let symbol: String

  public init(symbol: String) { self.symbol = symbol }
}
