public import Calendars
public import MarketData
public import Storage
public import Trading

/// Where a live run finds the bars of its series.
public protocol LiveBars: Sendable {
  /// What there is of each series; those of which nothing is are left out.
  func standing(of names: Set<SeriesName>) async throws(LiveFault) -> [SeriesName: BarStanding]

  /// Why a series has no standing; nil where there simply are no bars of it yet.
  func fault(of name: SeriesName) async -> LiveFault?

  /// The bars of a series that open after a moment, of which all are closed, without what a calendar says of them.
  func bars(of name: SeriesName, after: Instant?) async throws(LiveFault) -> ClosedBars

  /// The calendar of a series; nil where none is known.
  func calendar(of name: SeriesName) -> (any TradingCalendar)?

  /// What is known of a symbol besides its prices, each thing with the moment from which it was known.
  func facts(of symbol: String) async throws(LiveFault) -> Facts
}

extension LiveBars {
  /// Of bars that are there or are not. Who wraps others hands theirs on.
  public func fault(of name: SeriesName) async -> LiveFault? { nil }

  /// Of bars that come with no facts. Who wraps others hands theirs on.
  public func facts(of symbol: String) async throws(LiveFault) -> Facts { .none }
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
  /// With the factors by which prices are adjusted for dividends, as they are among all bars from the first on, unless
  /// they are even.
  public var series: CandleSeries
  /// Bars behind them that are there and not closed yet.
  public var open: Int
  /// What the bar before them says now; nil where they are the first, or nobody looked.
  public var before: PriceBasis?
  /// Whether nothing is paid on them, so that their prices are adjusted as that of the bar before them is.
  public var isEven = false

  public init(_ series: CandleSeries, open: Int = 0, before: PriceBasis? = nil) {
    self.series = series
    self.open = open
    self.before = before
  }

  /// Whether the bar before them is as it was.
  func goesOn(behind last: PriceBasis?) -> Bool {
    guard let before, let last else { return true }
    return before == last
  }

  /// The bars, adjusted as those behind such a bar are.
  func series(behind last: PriceBasis?) -> CandleSeries {
    isEven ? series.adjusted(onFrom: last?.factor ?? 1) : series
  }
}

/// What a bar's prices are, and by what they are adjusted for dividends. Both stay as they are, unless an earlier
/// dividend or split becomes known, which changes them for the bars behind it or before it.
public struct PriceBasis: Hashable, Sendable {
  public var close, factor: Double
}

extension CandleSeries {
  /// That of the last bar; nil without any.
  var basis: PriceBasis? {
    count > 0
      ? PriceBasis(close: value(.close, at: count - 1), factor: isRestated ? adjustment?.factors.last ?? 1 : 1) : nil
  }
}

extension PriceHistory {
  /// Its bars that open after a moment and are closed, with what was paid on them.
  public func closed(
    after moment: Instant?, by now: Instant, _ calendar: ExchangeCalendar?, settle: Int64
  ) -> ClosedBars {
    let open = series.closed(by: now, calendar, settle: settle).open
    // What is paid at bars that are not closed is not known.
    let known = open > 0 ? opening(from: nil, to: series.times[series.count - open]) : self
    let whole = known.payingSeries ?? known.series
    let first = moment.map { whole.firstBar(after: $0) } ?? 0
    let before = first > 0 ? whole.bars(first - 1..<first).basis : nil
    return ClosedBars(whole.bars(first..<whole.count), open: open, before: before)
  }

  /// Whether nothing is paid and nothing split behind the first of these bars, as far as they show it. Where adjusted
  /// closes are rounded, or not there for all, that is not to be seen from them.
  var isEven: Bool {
    guard let first = series.times.first, actions.allSatisfy({ $0.time <= first }),
      series.column(.close).allSatisfy({ $0 > 0 })
    else { return false }
    guard let adjustedClose else { return true }
    let ratios = zip(adjustedClose, series.column(.close)).map { $0 / $1 }
    return zip(ratios, ratios.dropFirst()).allSatisfy { $0 > 0 && $1 > 0 && abs($1 / $0 - 1) < 0.00001 }
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
      if let after {
        // From the bar before on: what is paid shows in the step from it.
        let tail = try await store.history(place.key, from: after)
        if tail.series.times.first == after, tail.isEven {
          let new = tail.series.bars(1..<tail.series.count)
          var found = new.closed(by: now(), place.calendar, settle: place.settle)
          found.isEven = true
          return found
        }
      }
      // How much was paid shows in all bars together.
      let whole = try await store.history(place.key)
      return whole.closed(after: after, by: now(), place.calendar, settle: place.settle)
    } catch {
      throw LiveFault("\(name)", "\(error)")
    }
  }

  public func calendar(of name: SeriesName) -> (any TradingCalendar)? { places[name]?.calendar }
}
