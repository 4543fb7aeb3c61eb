import Engine
import Notifications
import Pipelines
import PluginKit
import Storage
import Trading

/// The notices of one pass over the markets, each decided with those before it in mind.
actor PassNotices {
  private let notices: Notices
  private let store: SQLiteStore
  private let instruments: [String: InstrumentProfile]
  private let now: Instant
  /// How long before a signal news belong to it, in milliseconds.
  private let newsBefore: Int64
  /// Made in this pass, and not yet in the outbox.
  private var made: [String: [OutboxEntry]] = [:]
  /// Why signals are told to nobody.
  private(set) var remarks: [String] = []

  init(_ configuration: Configuration, _ store: SQLiteStore, now: Instant) {
    let writer = NoticeWriter(templates: configuration.noticeTemplates().templates, zone: configuration.zone)
    notices = Notices(
      configuration.notifications.rules, channels: Set(configuration.channelNames ?? []), writer: writer)
    self.store = store
    newsBefore = configuration.news.around
    self.now = now
    instruments = Dictionary(
      configuration.instruments.values.map { ($0.instrument.symbol, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func of(_ event: LiveEvent) async -> [Notice] {
    switch event {
    case .signal(let signal): await of(signal)
    case .correction(let correction): await of(correction)
    }
  }

  private func of(_ one: LiveSignal) async -> [Notice] {
    let (record, symbol) = (one.record, one.record.symbol)
    let strategy = StrategyNotices(
      title: one.title, priority: ChannelMessage.Priority(rawValue: one.notify.priority.rawValue) ?? .medium,
      channels: one.notify.channels, cooldown: one.notify.cooldown?.milliseconds)
    // Where the store does not answer, somebody is told once too often rather than not at all.
    let past = (try? await store.entries(about: symbol, since: notices.memory(before: now, strategy))) ?? []
    var context = NoticeContext(
      now: now, knownAt: one.knownAt, strategy: strategy, profile: instruments[symbol],
      history: past + (made[symbol] ?? []))
    let around = NewsQuery(symbol: symbol, from: one.knownAt.advanced(by: -newsBefore), to: one.knownAt, limit: 3)
    context.news = ((try? await store.news(around)) ?? []).map(\.item)
    if [.exitLong, .exitShort].contains(record.signal.direction) {
      let earlier = (try? await store.signals(strategy: record.strategy, symbol: symbol, limit: 50)) ?? []
      context.entry = Notices.entry(ended: record, among: earlier.map { ($0.id, $0.record) })
    }
    let decision = notices.of(record, context)
    remarks += decision.remarks.map { "\(symbol) \(record.strategy): \($0)" }
    made[symbol, default: []] += decision.notices.map { notice in
      OutboxEntry(
        id: 0, notice: notice, state: notice.heldBack == nil ? .pending : .dropped, failure: notice.heldBack,
        createdAt: now, dueAt: notice.dueAt ?? now)
    }
    return decision.notices
  }

  /// What was told is answered; what still waits to go out is taken out instead.
  private func of(_ one: LiveCorrection) async -> [Notice] {
    guard one.kind == .retracted else { return [] }
    let told = (try? await store.entries(about: one.before.id)) ?? []
    let (drop, answers) = notices.correction(
      of: one.before.id, one.before.record, told: told, reason: one.cause,
      profile: instruments[one.before.record.symbol])
    for id in drop { _ = try? await store.drop(id, "taken back: \(one.cause)", at: now) }
    return answers
  }
}
