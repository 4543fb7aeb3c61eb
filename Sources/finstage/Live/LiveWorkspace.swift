import Calendars
import DataSources
import Engine
import MarketData
import News
import Notifications
import Pipelines
import PluginKit
import Storage
import Trading

/// What a host reads of its store to evaluate strategies.
typealias LiveStores = any CandleStore & RequestStore & SymbolNewsStore & StatementStore

/// The strategies of a workspace as a host runs them, and the bars that it runs them over.
struct LiveWorkspace {
  let workspace: Workspace
  let configuration: Configuration
  /// As their files are.
  private(set) var found: [ReloadPlan.Found] = []
  /// Rotations and portfolios, which make no signals of their own.
  private(set) var books: [Declaration] = []

  init(_ workspace: Workspace) throws(Failure) {
    guard let configuration = workspace.configuration else {
      throw Failure(.usage, "there is no config.yaml that says which prices the strategies run over")
    }
    self.workspace = workspace
    self.configuration = configuration
    let reader = workspace.reader
    for path in try workspace.files([]) {
      let (declared, diagnostics) = reader.declaration(path: path)
      switch declared {
      case .strategy, .priceAlert: found += (declared?.strategies ?? []).map { .sound(live($0)) }
      case .rotation, .portfolio: if let declared { books.append(declared) }
      case nil:
        let faults = diagnostics.filter { $0.severity == .error }.map(\.description)
        found.append(.faulty(name: Workspace.stem(path), faults: faults))
      }
    }
  }

  /// What is said of files that a host does not run; nil where there are none.
  var passedOver: String? {
    books.isEmpty
      ? nil : "\(books.map(\.name).joined(separator: ", ")): they make no signals of their own, and are passed over"
  }

  /// The rules of what a host runs, to be stamped.
  func stamps(of running: [LiveStrategy]) -> [RuleStamp] {
    var rules = RuleStamps()
    for one in running { rules.add(one.strategy) }
    for book in books { rules.add(book, reader: workspace.reader) }
    return rules.stamps
  }

  private func live(_ strategy: Strategy) -> LiveStrategy {
    LiveStrategy(strategy, symbols: configuration.expand(strategy.symbols))
  }

  /// The strategies that a host runs by its store; a text that this version does not read is left out.
  func running(_ store: any LiveStore) async throws(Failure) -> [LiveStrategy] {
    let stored = try await storing { () async throws(StoreError) in try await store.running() }
    let reader = workspace.reader
    return stored.compactMap { one in
      reader.strategy(one.name, in: one.text).map { strategy in
        LiveStrategy(strategy, symbols: one.symbols ?? configuration.expand(strategy.symbols))
      }
    }
  }

  /// Where the bars of these strategies are: the first item under `collect:` that brings a symbol at the timeframe counts.
  func bars(
    _ store: LiveStores, for strategies: [LiveStrategy], through connections: Connections? = nil,
    now: @escaping @Sendable () -> Instant = { Terminal.now }
  ) throws(Failure) -> ConfiguredBars {
    try bars(store, of: Set(strategies.flatMap(\.names)), through: connections, now: now)
  }

  /// How symbols move together by their daily bars; nil where nobody asks for that.
  func correlations(
    _ store: LiveStores, through connections: Connections, now: @escaping @Sendable () -> Instant
  ) throws(Failure) -> Correlations? {
    let rules = configuration.notifications.rules
    guard rules.groupBy.contains(.correlation) else { return nil }
    let symbols = configuration.collect.filter { $0.timeframe == .day }.flatMap { configuration.expand($0.symbols) }
    let names = Set(symbols.map { SeriesName($0, .day) })
    return Correlations(
      try bars(store, of: names, through: connections, now: now), sessions: rules.correlation.sessions, now: now())
  }

  /// Where the bars of these series are.
  func bars(
    _ store: LiveStores, of names: Set<SeriesName>, through connections: Connections? = nil,
    now: @escaping @Sendable () -> Instant = { Terminal.now }
  ) throws(Failure) -> ConfiguredBars {
    let connections = connections ?? Connections(configuration, counting: store)
    var places: [SeriesName: StoredBars.Place] = [:]
    var files: [SeriesName: ConfiguredBars.File] = [:]
    for name in names {
      guard let item = configuration.item(for: name.symbol, name.timeframe),
        let declared = configuration.sources.first(where: { $0.name == item.source })
      else { continue }
      let source = try connections.source(declared)
      let calendar = item.exchange.flatMap { workspace.calendar($0) }
      if declared.type.web == nil {
        files[name] = ConfiguredBars.File(source: source, calendar: calendar)
      } else {
        let key = CandleKey(source: declared.name, symbol: name.symbol, timeframe: name.timeframe)
        let settle = (try? source.reach(name.timeframe).settle) ?? 0
        places[name] = StoredBars.Place(key, calendar: calendar, settle: settle)
      }
    }
    let facts = StoredFacts(news: store, statements: store, lexicon: try workspace.lexicon())
    return ConfiguredBars(
      stored: StoredBars(store, places, now: now), files: files, facts: facts, now: now)
  }
}

/// Bars of the store, and of files that are read whenever they are wanted.
struct ConfiguredBars: LiveBars {
  struct File: Sendable {
    let source: any DataSource
    let calendar: ExchangeCalendar?
  }

  let stored: StoredBars
  let files: [SeriesName: File]
  let facts: StoredFacts
  let now: @Sendable () -> Instant

  func facts(of symbol: String) async throws(LiveFault) -> Facts {
    do throws(StoreError) { return try await facts.of(symbol) } catch { throw LiveFault("the store", "\(error)") }
  }

  func standing(of names: Set<SeriesName>) async throws(LiveFault) -> [SeriesName: BarStanding] {
    var standing = try await stored.standing(of: names.filter { files[$0] == nil })
    for name in names where files[name] != nil {
      // A file that cannot be read is a fault of its series, and no other's: `fault(of:)` says it.
      guard let series = try? await history(name).series, let last = series.times.last else { continue }
      standing[name] = BarStanding(count: series.count, last: last, revision: 0)
    }
    return standing
  }

  func fault(of name: SeriesName) async -> LiveFault? {
    guard files[name] != nil else { return nil }
    do throws(LiveFault) { _ = try await history(name) } catch { return error }
    return nil
  }

  func bars(of name: SeriesName, after: Instant?) async throws(LiveFault) -> ClosedBars {
    guard let file = files[name] else { return try await stored.bars(of: name, after: after) }
    return try await history(name).closed(after: after, by: now(), file.calendar, settle: 0)
  }

  func calendar(of name: SeriesName) -> (any TradingCalendar)? {
    files[name].map { $0.calendar } ?? stored.calendar(of: name)
  }

  private func history(_ name: SeriesName) async throws(LiveFault) -> PriceHistory {
    guard let file = files[name] else { throw LiveFault("\(name)", "no file has its prices") }
    do throws(DataSourceError) {
      return try await file.source.history(
        of: Instrument(symbol: name.symbol), timeframe: name.timeframe, from: nil, to: nil)
    } catch {
      throw LiveFault("\(name)", "\(error)")
    }
  }
}
