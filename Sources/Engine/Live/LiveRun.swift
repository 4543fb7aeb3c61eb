import Pipelines
public import Storage
public import Trading

/// What a running host holds: for each market the states of the strategies that act on it, rebuilt from stored history
/// from the first bar on, so that it says what a backtest over the same bars says.
///
/// A closed bar steps every strategy of its symbol at a cost that does not depend on how many bars there were. Bars that
/// came late or were corrected are seen at the next pass: the market is replayed, and what it would have said is compared
/// with what is stored.
public actor LiveRun {
  public struct Settings: Sendable {
    /// Markets that are evaluated at one time.
    public var jobs = 2
    /// Failures in a row after which a market, or a strategy on it, is not tried any more.
    public var patience = 5
    /// Whether nothing is saved.
    public var isDry = false

    public init() {}
  }

  let bars: any LiveBars
  let store: any SignalStore & LiveStore
  let settings: Settings
  let shards: [LiveShard]
  var table = LiveTable()
  var tails: [SeriesName: LiveTail] = [:]
  var parking: Parking
  /// Marks and pairs as the store had them at the start.
  var marks: [SeriesName: LiveMark] = [:]
  var pairs: [PairKey: Instant] = [:]
  private var isBusy = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  struct PairKey: Hashable {
    let strategy, version: String
    let market: SeriesName
  }

  public init(bars: any LiveBars, store: any SignalStore & LiveStore, settings: Settings = Settings()) {
    self.bars = bars
    self.store = store
    self.settings = settings
    parking = Parking(after: settings.patience)
    shards = (0..<max(1, settings.jobs)).map { _ in LiveShard(bars) }
  }

  /// Strategies that run, and markets that they act on.
  public var size: (strategies: Int, markets: Int, pairs: Int) {
    let markets = table.entries.filter { !$0.strategies.isEmpty }
    return (table.current.count, markets.count, markets.reduce(0) { $0 + $1.strategies.count })
  }

  /// The strategies that run, by name.
  public var running: [LiveStrategy] { table.current.values.map { table.strategies[$0] }.sorted { $0.name < $1.name } }

  /// Begins with these strategies, where the host was stopped: every market is brought to the bar that was evaluated
  /// last. Of a market that never was, the next pass shows what is said at its latest bar, and sends nothing.
  public func start(_ strategies: [LiveStrategy], at now: Instant) async throws(StoreError) -> LivePass {
    marks = Dictionary(
      try await store.marks().map { (SeriesName($0.market, $0.timeframe), $0) }, uniquingKeysWith: { first, _ in first }
    )
    pairs = Dictionary(
      try await store.pairs().map {
        (PairKey(strategy: $0.strategy, version: $0.version, market: SeriesName($0.market, $0.timeframe)), $0.after)
      }, uniquingKeysWith: { first, _ in first })
    let pass = try await apply(strategies, at: now)
    pairs = [:]
    return pass
  }

  /// One pass or change at a time, in the order in which they were asked for.
  func exclusively<Value: Sendable, Fault: Error>(
    _ body: () async throws(Fault) -> Value
  ) async throws(Fault) -> Value {
    if isBusy { await withCheckedContinuation { waiting.append($0) } } else { isBusy = true }
    defer { if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() } }
    return try await body()
  }

  /// Does the work side by side, the work of a market always in the same shard. Answers in the order of the markets.
  func perform(_ work: [LiveWork]) async -> [LiveAnswer] {
    var parts = shards.map { _ in [LiveWork]() }
    for one in work { parts[one.place % shards.count].append(one) }
    return await withTaskGroup(of: [LiveAnswer].self) { group in
      for (shard, part) in zip(shards, parts) where !part.isEmpty {
        group.addTask { await LiveShard.perform(part, in: shard) }
      }
      var answers: [LiveAnswer] = []
      for await some in group { answers += some }
      return answers.sorted { $0.place < $1.place }
    }
  }

  func work(
    _ place: Int, _ mode: LiveWork.Mode, families: [Int]? = nil, expected: Int? = nil,
    wholes: [SeriesName: LiveTail] = [:]
  ) -> LiveWork {
    let entry = table.entries[place]
    var others: [String: (series: CandleSeries, first: Int)] = [:]
    for (name, series) in entry.others {
      if let tail = wholes[series] ?? tails[series] { others[name] = (tail.series, tail.first) }
    }
    return LiveWork(
      place: place, market: entry.market, mode: mode,
      families: (families ?? entry.families).compactMap { table.families[$0] },
      told: entry.strategies.filter { !parking.isParked(subject($0, entry.market)) }, others: others, expected: expected
    )
  }

  func subject(_ strategy: Int, _ market: LiveMarket) -> String { "\(table.strategies[strategy].name) on \(market)" }
}
