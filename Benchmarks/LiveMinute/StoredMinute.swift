import Engine
import Notifications
import PluginKit
import Storage
import Synchronization
import Trading

/// Bars that come into a store each minute, and signals that go out of it by a channel that stalls.
final class StoredMinute: Sendable {
  let bars: any LiveBars
  private let walks: Walks
  private let names: [SeriesName]
  private let store: SQLiteStore
  private let notices: Notices
  private let sending: Task<Void, Never>
  private static let source = "walks"
  private static let now = Instant(seconds: 1_700_000_000)

  init(_ walks: Walks, _ names: [SeriesName], _ store: SQLiteStore) async throws {
    (self.walks, self.names, self.store) = (walks, names, store)
    let places = Dictionary(
      uniqueKeysWithValues: names.map { name in
        (name, StoredBars.Place(CandleKey(source: Self.source, symbol: name.symbol, timeframe: name.timeframe)))
      })
    bars = StoredBars(store, places) { Self.now }
    var rules = NoticeRules()
    rules.routes = [Route(channels: [Stalled.id])]
    let writer = NoticeWriter(templates: NoticeTemplates.load(locale: "en").templates)
    notices = Notices(rules, channels: [Stalled.id], writer: writer)
    let drain = Drain(
      store: store, lanes: [DrainLane(name: Stalled.id, channel: Stalled())], writer: writer,
      clock: DrainClock(
        now: { Self.now }, sleep: { _ in try? await Task.sleep(for: .seconds(1)) }), seed: 1, tell: { _ in })
    sending = Task { await drain.run() }
    try await save(from: 0)
  }

  /// Saves the bar that has closed of each symbol.
  func saveNext() async throws {
    let last = try await bars.standing(of: [names[0]])[names[0]]?.count ?? 0
    try await save(from: last)
  }

  /// Eight at a time, as they come from sources.
  private func save(from first: Int) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (place, name) in names.enumerated() {
        if place >= 8 { try await group.next() }
        group.addTask { [walks, store] in
          _ = try await store.save(
            PriceHistory(series: walks.series(of: name, from: first)),
            under: CandleKey(source: Self.source, symbol: name.symbol, timeframe: name.timeframe), fetchedAt: Self.now)
        }
      }
      try await group.waitForAll()
    }
  }

  /// What a host asks and decides about the signals of a pass.
  func notices(of events: [LiveEvent]) async -> [[Notice]] {
    let signals = events.compactMap { event in if case .signal(let one) = event { one } else { nil } }
    let symbols = Set(signals.map(\.record.symbol))
    let since = notices.memory(before: Self.now, StrategyNotices(title: "", priority: .high))
    var histories = (try? await store.histories(about: symbols, since: since)) ?? [:]
    var drafts: [NoticeDraft] = []
    let counts = signals.map { one in
      let symbol = one.record.symbol
      let context = NoticeContext(
        now: Self.now, knownAt: one.knownAt, strategy: StrategyNotices(title: one.title, priority: .high),
        history: histories[symbol] ?? SymbolHistory())
      let made = notices.drafts(of: one.record, context).drafts
      drafts += made
      for notice in made.map(\.notice) {
        histories[symbol]?.add(
          OutboxEntry(
            id: 0, notice: notice, signal: 0, state: notice.heldBack == nil ? .pending : .dropped,
            failure: notice.heldBack, createdAt: Self.now, dueAt: notice.dueAt ?? Self.now))
      }
      return made.count
    }
    var written = await notices.writer.written(drafts)[...]
    return counts.map { count in
      defer { written = written.dropFirst(count) }
      return Array(written.prefix(count))
    }
  }

  /// Ends the sending; says how the outbox stands.
  func end() async throws -> String {
    sending.cancel()
    await sending.value
    let counts = try await store.counts()
    return counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }
      .joined(separator: ", ")
  }
}

/// Takes a message, and never answers while it runs.
struct Stalled: NotificationChannel {
  static let id = "stalled"
  static let summary = "nobody"
  static let settings: [PluginSetting] = []
  init() {}
  init(settings: PluginSettings, host: ChannelHost) throws(ChannelError) {}
  func check() async throws(ChannelError) -> String { "" }
  func send(_ message: ChannelMessage) async -> Delivery {
    try? await Task.sleep(for: .seconds(86_400))
    return .unknown("it did not answer")
  }
  func preview(_ message: ChannelMessage) -> [String] { [] }
}
