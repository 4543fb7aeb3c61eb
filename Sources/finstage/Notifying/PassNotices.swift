import Backtesting
import Engine
import Notifications
import Pipelines
import PluginKit
import Storage
import Trading

/// The notices of one pass over the markets, each decided with those before it in mind.
actor PassNotices {
  private var notices: Notices
  private let store: SQLiteStore
  private let instruments: [String: InstrumentProfile]
  private let now: Instant
  /// How long before a signal news belong to it, in milliseconds.
  private let newsBefore: Int64
  private let correlations: Correlations?
  private var groups: CorrelatedGroups?
  /// What was told of each symbol since a moment, this pass included, which the outbox does not have yet.
  private var histories: [String: (since: Instant, history: SymbolHistory)] = [:]
  private let successes: MeasuredSuccess
  /// The symbols that news around the signals of this pass are about; nil where that is not known.
  private var inTheNews: Set<String>?
  private var made: [String: [OutboxEntry]] = [:]
  /// Signals of this pass, which the store does not have yet.
  private var found: [String: [Storage.SignalRecord]] = [:]
  /// Why signals are told to nobody.
  private(set) var remarks: [String] = []
  /// Order intents that are not handed off, and why.
  private(set) var warnings: [String] = []
  /// Those of this pass, the latest last, which the store does not have yet.
  private var ordered: [OrderRecord] = []

  /// - Parameters:
  ///   - correlations: How symbols move together; nil where nobody asks for that.
  ///   - writer: The configuration's, where its templates have been read already.
  init(
    _ configuration: Configuration, _ store: SQLiteStore, now: Instant, correlations: Correlations? = nil,
    writer: NoticeWriter? = nil
  ) {
    self.correlations = correlations
    notices = Notices(
      configuration.notifications.rules, channels: Set(configuration.channelNames ?? []),
      writer: writer ?? configuration.noticeWriter, orders: configuration.orderChannels)
    self.store = store
    newsBefore = configuration.news.around
    self.now = now
    successes = MeasuredSuccess(store)
    instruments = Dictionary(
      configuration.instruments.values.map { ($0.instrument.symbol, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func of(_ events: [LiveEvent]) async -> [[Notice]] {
    let signals = events.compactMap { event in if case .signal(let one) = event { one } else { nil } }
    await lookUp(signals)
    var (answers, places, drafts) = ([[Notice]](), [Int](), [NoticeDraft]())
    for (place, event) in events.enumerated() {
      switch event {
      case .signal(let signal):
        answers.append([])
        let decided = await decide(signal)
        drafts += decided
        places += decided.map { _ in place }
      case .correction(let correction): answers.append(await of(correction))
      }
    }
    for (place, notice) in zip(places, await notices.writer.written(drafts)) { answers[place].append(notice) }
    return answers
  }

  /// Asks the store once about all that a pass found: a minute of thousands of symbols is not to wait for it as often.
  private func lookUp(_ signals: [LiveSignal]) async {
    guard let since = signals.map({ notices.memory(before: now, strategy(of: $0)) }).min(),
      let first = signals.map(\.knownAt).min(), let last = signals.map(\.knownAt).max()
    else { return }
    // Where the store does not answer, somebody is told of what is muted rather than of nothing.
    notices.silence((try? await store.silences(at: now)) ?? [])
    // Where the store does not answer, each signal asks for itself.
    if let found = try? await store.histories(about: Set(signals.map(\.record.symbol)), since: since) {
      for (symbol, history) in found where histories[symbol] == nil { histories[symbol] = (since, history) }
    }
    inTheNews = try? await store.newsSymbols(from: first.advanced(by: -newsBefore), to: last)
  }

  private func strategy(of one: LiveSignal) -> StrategyNotices {
    StrategyNotices(
      title: one.title, priority: ChannelMessage.Priority(rawValue: one.notify.priority.rawValue) ?? .medium,
      channels: one.notify.channels, cooldown: one.notify.cooldown?.milliseconds)
  }

  private func decide(_ one: LiveSignal) async -> [NoticeDraft] {
    let (record, symbol) = (one.record, one.record.symbol)
    let strategy = strategy(of: one)
    var context = NoticeContext(
      now: now, knownAt: one.knownAt, strategy: strategy, profile: instruments[symbol],
      history: await history(of: symbol, since: notices.memory(before: now, strategy)))
    if inTheNews?.contains(symbol) ?? true {
      let around = NewsQuery(symbol: symbol, from: one.knownAt.advanced(by: -newsBefore), to: one.knownAt, limit: 3)
      context.news = ((try? await store.news(around)) ?? []).map(\.item)
    }
    context.facts.success = await successes.success(of: record, samples: notices.rules.filters.samples)
    context.order = one.plan.order(for: record.signal.direction, values: one.planned)
    if !notices.intents.terms.isEmpty { context.orders = await orders(of: one) }
    if let opening = one.plan.ended(by: record.signal.direction) {
      let saved = (try? await store.signals(strategy: record.strategy, symbol: symbol, limit: 1_000)) ?? []
      let earlier: [(id: Int64?, record: Storage.SignalRecord)] = saved.filter { $0.retractedAt == nil }
        .map { ($0.id, $0.record) }
      context.entry = Notices.entry(
        ended: record, openedBy: opening, among: earlier + (found[symbol] ?? []).map { (nil, $0) })
    }
    found[symbol, default: []].append(record)
    if let correlations, strategy.priority == .high, record.signal.direction.sign != 0 {
      context.group = await group(of: record, correlations)
    }
    let decision = notices.drafts(of: record, context)
    remarks += decision.remarks.map { "\(symbol) \(record.strategy): \($0)" }
    warnings += decision.warnings
    ordered += decision.drafts.compactMap(\.notice.order)
    for notice in decision.drafts.map(\.notice) {
      // Neither it nor its signal is saved yet.
      let entry = OutboxEntry(
        id: 0, notice: notice, signal: 0, state: notice.heldBack == nil ? .pending : .dropped, failure: notice.heldBack,
        createdAt: now, dueAt: notice.dueAt ?? now)
      made[symbol, default: []].append(entry)
      histories[symbol]?.history.add(entry)
    }
    return decision.drafts
  }

  /// What each receiver holds by what was handed off to it.
  private func orders(of one: LiveSignal) async -> OrderFacts {
    let record = one.record
    var facts = OrderFacts(ends: one.plan.ended(by: record.signal.direction), hasOwnExits: one.plan.hasOwnExits)
    for (channel, terms) in notices.intents.terms where terms.isEnabled {
      let own = ordered.last {
        $0.channel == channel && $0.strategy == record.strategy && $0.symbol == record.symbol
          && $0.timeframe == record.timeframe
      }
      if let own {
        facts.held[channel] = own.action == .open ? own : nil
        continue
      }
      do throws(StoreError) {
        let history = try await store.orders(
          channel: channel, strategy: record.strategy, symbol: record.symbol, timeframe: record.timeframe, limit: 100)
        facts.held[channel] = OrderFacts.held(by: history, isDry: terms.isDry)
      } catch {
        // Without the store nothing is saved in this pass either.
        warnings.append("order intents: \(error)")
      }
    }
    return facts
  }

  private func history(of symbol: String, since: Instant) async -> SymbolHistory {
    if let known = histories[symbol], known.since <= since { return known.history }
    // Where the store does not answer, somebody is told once too often rather than not at all.
    var history = (try? await store.histories(about: [symbol], since: since)[symbol]) ?? SymbolHistory()
    for entry in made[symbol] ?? [] { history.add(entry) }
    histories[symbol] = (since, history)
    return history
  }

  private func group(of record: Storage.SignalRecord, _ correlations: Correlations) async -> String {
    var own: CorrelatedGroups
    if let groups {
      own = groups
    } else {
      let waiting = (try? await store.entries(in: [.pending], limit: 10_000)) ?? []
      own = CorrelatedGroups(above: notices.rules.correlation.above, waiting: waiting)
    }
    let group = await own.group(of: record, until: notices.groupEnd(at: now)) { one, other in
      await correlations.value(one, other)
    }
    groups = own
    return group
  }

  /// What was told is answered; what still waits to go out is taken out instead.
  private func of(_ one: LiveCorrection) async -> [Notice] {
    guard one.kind == .retracted else { return [] }
    let told = (try? await store.entries(about: one.before.id)) ?? []
    let (store, now) = (store, now)
    return await notices.retraction(
      of: one.before, told: told, reason: one.cause, profile: instruments[one.before.record.symbol]
    ) { (try? await store.drop($0, "taken back: \(one.cause)", at: now)) ?? false }
  }
}
