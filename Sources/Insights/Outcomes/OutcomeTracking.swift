public import Backtesting
public import Storage
public import Trading

/// Gives stored signals their outcomes as time passes, and those of the past theirs.
///
/// A symbol is judged anew, whole, when its bars or its signals have changed, and what differs from what is stored is
/// saved. So it may run as often as one likes, begin again anywhere, and follows corrections of bars and signals alike.
public struct OutcomeTracking: Sendable {
  /// One hour to one month after the signal's bar, and so many bars.
  public static let horizons: [Horizon] = ["1h", "4h", "1d", "1w", "1mo", "1b", "5b", "20b"].compactMap { Horizon($0) }

  /// The horizon that messages and the watch over drifts go by: the next session's close, or the next bar where bars
  /// are longer than a day.
  public static func mainHorizon(at timeframe: Timeframe) -> Horizon {
    timeframe.milliseconds > Timeframe.day.milliseconds ? .bars(1) : .session
  }

  /// The closed bars of a symbol.
  public struct Bars: Sendable {
    public var candles: CandleSeries
    /// Bars behind them that have not closed yet.
    public var open: Int

    public init(_ candles: CandleSeries, open: Int = 0) {
      self.candles = candles
      self.open = open
    }
  }

  /// What judging a symbol came to.
  public struct Update: Sendable {
    public var judged: JudgedSignals
    /// Outcomes that are new or have changed, those among them that have ended, and those that stand no more.
    public var saved: Int
    public var ended: Int
    public var removed: Int
  }

  private let store: any OutcomeStore & SignalStore
  private let horizons: [Horizon]

  public init(_ store: any OutcomeStore & SignalStore, horizons: [Horizon] = OutcomeTracking.horizons) {
    self.store = store
    self.horizons = horizons
  }

  /// Judges the signals of a symbol at a timeframe. Nil where nothing has changed since they were judged.
  ///
  /// - Parameters:
  ///   - mark: how far they had been judged.
  ///   - barsState: what changes whenever a bar is new or corrected; nil where nobody can tell, and they are judged.
  ///   - bars: read where they are needed.
  public func update(
    _ standing: SignalStanding, mark: OutcomeMark?, barsState: String?, bars: () async throws -> Bars
  ) async throws -> Update? {
    let state = barsState.map { bars in
      "bars \(bars); signals \(standing.count) \(standing.latest) \(standing.editions); "
        + horizons.map { "\($0)" }.joined(separator: " ")
    }
    if let state, let mark, mark.state == state { return nil }
    let found = try await bars()
    let signals = try await store.signals(
      symbol: standing.symbol, timeframe: standing.timeframe, from: standing.first)
    let judged = JudgedSignals(standing.symbol, signals, over: found.candles, horizons: horizons)
    let before = try await store.outcomes(symbol: standing.symbol, timeframe: standing.timeframe)
    // A bar that has not closed closes without a change to what is stored of it.
    let next = OutcomeMark(
      symbol: standing.symbol, timeframe: standing.timeframe, state: found.open > 0 ? "" : state ?? "")
    let changes = judged.changes(from: before, mark: next)
    if !changes.saved.isEmpty || !changes.removed.isEmpty || next != mark { try await store.save(changes) }
    return Update(
      judged: judged, saved: changes.saved.count, ended: changes.saved.count { $0.time != nil },
      removed: changes.removed.count)
  }
}
