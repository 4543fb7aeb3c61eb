public import Calendars
public import Storage
public import Trading

/// Where a live run finds the bars of its series.
public protocol LiveBars: Sendable {
  /// What there is of each series; those of which nothing is are left out.
  func standing(of names: Set<SeriesName>) async throws(LiveFault) -> [SeriesName: BarStanding]

  /// The bars of a series that open after a moment, of which all are closed, without what a calendar says of them.
  func bars(of name: SeriesName, after: Instant?) async throws(LiveFault) -> ClosedBars

  /// The calendar of a series; nil where none is known.
  func calendar(of name: SeriesName) -> (any TradingCalendar)?
}

/// What there is of a series.
public struct BarStanding: Hashable, Sendable {
  /// Bars, those that are not closed among them.
  public var count: Int
  /// The opening of the last one.
  public var last: Instant
  /// How often bars were replaced.
  public var revision: Int

  public init(count: Int, last: Instant, revision: Int) {
    self.count = count
    self.last = last
    self.revision = revision
  }
}

public struct ClosedBars: Sendable {
  public var series: CandleSeries
  /// Bars behind them that are there and not closed yet.
  public var open: Int

  public init(_ series: CandleSeries, open: Int = 0) {
    self.series = series
    self.open = open
  }
}

/// Why something could not be evaluated: what, and the cause.
public struct LiveFault: Error, Hashable, Sendable, CustomStringConvertible {
  public var subject: String
  public var cause: String

  public init(_ subject: String, _ cause: String) {
    self.subject = subject
    self.cause = cause
  }

  public var description: String { cause.hasPrefix(subject) ? cause : "\(subject): \(cause)" }
}

extension CandleSeries {
  /// The bars that are closed at a moment, `settle` milliseconds granted to their source to make them final. Only the
  /// last ones can be open.
  public func closed(by now: Instant, _ calendar: ExchangeCalendar?, settle: Int64) -> ClosedBars {
    var end = count
    while end > 0 {
      let open = times[end - 1]
      let isClosed =
        calendar.map { $0.barIsClosed(opening: open, timeframe, now: now, settle: settle) }
        ?? (now >= timeframe.knownAt(open: open).advanced(by: settle))
      if isClosed { break }
      end -= 1
    }
    return ClosedBars(bars(0..<end), open: count - end)
  }
}

/// The bars of a store, each series under the key of the source that counts for it.
public struct StoredBars: LiveBars {
  public struct Place: Sendable {
    public var key: CandleKey
    public var calendar: ExchangeCalendar?
    /// How long after its close a bar may still change, in milliseconds.
    public var settle: Int64

    public init(_ key: CandleKey, calendar: ExchangeCalendar? = nil, settle: Int64 = 0) {
      self.key = key
      self.calendar = calendar
      self.settle = settle
    }
  }

  private let store: any CandleStore
  private let places: [SeriesName: Place]
  private let now: @Sendable () -> Instant

  public init(_ store: any CandleStore, _ places: [SeriesName: Place], now: @escaping @Sendable () -> Instant) {
    self.store = store
    self.places = places
    self.now = now
  }

  public func standing(of names: Set<SeriesName>) async throws(LiveFault) -> [SeriesName: BarStanding] {
    do throws(StoreError) {
      let coverages = Dictionary(
        try await store.coverages().map { ($0.key, $0.coverage) }, uniquingKeysWith: { first, _ in first })
      var standing: [SeriesName: BarStanding] = [:]
      for name in names {
        guard let key = places[name]?.key, let coverage = coverages[key] else { continue }
        standing[name] = BarStanding(count: coverage.count, last: coverage.last, revision: coverage.revision)
      }
      return standing
    } catch {
      throw LiveFault("the store", "\(error)")
    }
  }

  public func bars(of name: SeriesName, after: Instant?) async throws(LiveFault) -> ClosedBars {
    guard let place = places[name] else { throw LiveFault("\(name)", "nothing brings its prices") }
    do throws(StoreError) {
      let history = try await store.history(place.key, from: after?.advanced(by: 1), to: nil, asOf: nil)
      return history.series.closed(by: now(), place.calendar, settle: place.settle)
    } catch {
      throw LiveFault("\(name)", "\(error)")
    }
  }

  public func calendar(of name: SeriesName) -> (any TradingCalendar)? { places[name]?.calendar }
}
