public import PluginKit
public import Storage
public import Trading

/// What is to be known of a signal so that its notices can be made.
public struct NoticeContext: Sendable {
  public var now: Instant
  /// When the bar of the signal was known: its close.
  public var knownAt: Instant
  /// Signals known before this are told to nobody: the moment at which the host first ran.
  public var toldFrom: Instant?
  public var strategy: StrategyNotices
  public var profile: InstrumentProfile?
  public var facts = SignalFacts()
  /// What the strategy means to do, as far as it says so.
  public var order: PlannedOrder?
  /// For order intents.
  public var orders = OrderFacts()
  /// The signal whose position this one ends; without a number where it is not saved yet.
  public var entry: (id: Int64?, record: SignalRecord)?
  /// The group of symbols that have moved with this one (`CorrelatedGroups`); nil where it goes by itself.
  public var group: String?
  /// What the outbox holds about the symbol since `Notices.memory(before:)`.
  public var history: SymbolHistory
  /// What was published about the symbol before the signal was known, the latest first.
  public var news: [NewsItem] = []

  public init(
    now: Instant, knownAt: Instant, toldFrom: Instant? = nil, strategy: StrategyNotices,
    profile: InstrumentProfile? = nil, history: SymbolHistory = SymbolHistory()
  ) {
    self.now = now
    self.knownAt = knownAt
    self.toldFrom = toldFrom
    self.strategy = strategy
    self.profile = profile
    self.history = history
  }
}

/// A notice of a signal that is decided about, and not yet put into words.
public struct NoticeDraft: Sendable {
  /// What the words are made of.
  struct Matter {
    let record: SignalRecord
    let context: NoticeContext
    let isLate: Bool
    /// How many notices about the symbol were held back from the channel since the last one.
    let heldBackCount: Int
  }

  /// Without title, body and line, unless it has no matter.
  public var notice: Notice
  /// Nil where the notice is whole.
  let matter: Matter?
}

/// What is decided about a signal.
public struct NoticeDrafts: Sendable {
  public var drafts: [NoticeDraft] = []
  public var remarks: [String] = []
  /// What somebody should know of.
  public var warnings: [String] = []
}

/// The notices of a signal, and why there are none where there are none.
public struct NoticeDecision: Hashable, Sendable {
  /// To be saved with the signal; those that are held back too.
  public var notices: [Notice] = []
  public var remarks: [String] = []
  /// What somebody should know of.
  public var warnings: [String] = []
}

/// Decides who is told of a signal, when and in which words. Asks neither clock nor store: what was told before comes
/// in from the outbox, so that it survives a restart.
public struct Notices: Sendable {
  public private(set) var rules: NoticeRules
  /// The channels that there are.
  public let channels: Set<String>
  public let writer: NoticeWriter
  /// Of the channels that take order intents, and no messages.
  public let intents: OrderIntents

  public init(
    _ rules: NoticeRules, channels: Set<String>, writer: NoticeWriter, orders: [String: OrderTerms] = [:]
  ) {
    self.rules = rules
    self.channels = channels
    self.writer = writer
    intents = OrderIntents(orders)
  }

  /// Adds what was silenced while the host ran to what the configuration silences.
  public mutating func silence(_ silences: [StoredSilence]) {
    rules.silences += silences.map {
      Silence(SignalSelection(strategies: [$0.strategy]), from: $0.from, until: $0.until, reason: $0.reason)
    }
  }

  /// From when on the history of a symbol is needed to decide at a moment.
  public func memory(before moment: Instant, _ strategy: StrategyNotices) -> Instant {
    let cooldowns = rules.routes.compactMap(\.cooldown) + [rules.cooldown, strategy.cooldown ?? 0]
    return moment.advanced(by: -max(86_400_000, cooldowns.max() ?? 0))
  }

  /// When the group that is gathered at a moment goes out.
  public func groupEnd(at moment: Instant) -> Instant { NoticeRules.end(of: rules.groupWait, at: moment) }

  /// The signal that opened what another ends: the first such call behind the last one that ended a position of its
  /// side. A further call while the position is held opens nothing.
  ///
  /// - Parameters:
  ///   - opening: what the ended position was opened by, a buy or a sell.
  public static func entry(
    ended record: SignalRecord, openedBy opening: Direction, among signals: [(id: Int64?, record: SignalRecord)]
  ) -> (id: Int64?, record: SignalRecord)? {
    let ends: Set<Direction> = opening == .buy ? [.sell, .exitLong] : [.buy, .exitShort]
    var entry: (id: Int64?, record: SignalRecord)?
    let own = signals.filter {
      $0.record.strategy == record.strategy && $0.record.symbol == record.symbol
        && $0.record.timeframe == record.timeframe && $0.record.signal.time < record.signal.time
    }
    for one in own.sorted(by: { $0.record.signal.time < $1.record.signal.time }) {
      if ends.contains(one.record.signal.direction) {
        entry = nil
      } else if one.record.signal.direction == opening, entry == nil {
        entry = one
      }
    }
    return entry
  }

  /// What a signal is told of by: the same for each text of its strategy, so that a changed text tells nothing twice.
  public static func key(of record: SignalRecord) -> String {
    [
      "signal", record.strategy, record.symbol, "\(record.timeframe)", "\(record.signal.time)",
      record.signal.direction.rawValue,
    ].joined(separator: "/")
  }

  public func of(_ record: SignalRecord, _ context: NoticeContext) -> NoticeDecision {
    let decided = drafts(of: record, context)
    return NoticeDecision(
      notices: decided.drafts.map(writer.written), remarks: decided.remarks, warnings: decided.warnings)
  }

  /// What is decided about a signal; the words come later (`NoticeWriter.written`).
  public func drafts(of record: SignalRecord, _ context: NoticeContext) -> NoticeDrafts {
    var decision = NoticeDrafts()
    if let toldFrom = context.toldFrom, context.knownAt < toldFrom {
      decision.remarks = ["it was known before the host first ran"]
      return decision
    }
    let orders = intents.of(record, context, rules)
    decision.drafts = orders.notices.map { NoticeDraft(notice: $0, matter: nil) }
    decision.warnings = orders.warnings
    // A price alert says what has happened, and calls for nothing that could be right or wrong.
    if record.signal.base == nil, let objection = rules.filters.objection(to: record.signal, context.facts) {
      decision.remarks = [objection]
      return decision
    }
    let priority = context.strategy.priority
    if priority == .low {
      decision.remarks = ["priority low: kept for the daily report"]
      return decision
    }
    let targets = targets(record, context)
    if targets.isEmpty { decision.remarks = ["no route and no channel of the strategy holds it"] }
    let silence = rules.silences.first {
      $0.holds(at: context.now) && $0.selection.holds(record, category: context.profile?.category, priority)
    }
    for target in targets {
      guard channels.contains(target.channel) else {
        decision.remarks.append("there is no channel \(target.channel)")
        continue
      }
      let history = context.history.told.filter { $0.channel == target.channel }
      let timing = timing(record, context)
      var draft = writer.draft(
        of: record, context, channel: target.channel, isLate: timing.isLate,
        heldBack: context.history.heldBack[target.channel] ?? 0)
      draft.notice.policy = target.policy
      draft.notice.batch = timing.batch
      draft.notice.dueAt = timing.due
      // An entry that still waits in a digest is not overtaken by its exit.
      if let entry = context.entry.map({ Notices.key(of: $0.record) }),
        let waiting = history.first(where: { $0.key == entry && $0.state == .pending })
      {
        (draft.notice.batch, draft.notice.dueAt) = (waiting.batch, waiting.dueAt)
      }
      draft.notice.heldBack =
        silence.map { "silence until \($0.until): \($0.reason)" } ?? pause(record, context, target, history)
      if let reason = draft.notice.heldBack { decision.remarks.append("\(target.channel): \(reason)") }
      decision.drafts.append(draft)
    }
    return decision
  }

  /// Tells those who were told of a signal that a correction of its bar has taken it back. What has not gone out yet is
  /// to be dropped instead.
  public func correction(
    of id: Int64, _ record: SignalRecord, told: [OutboxEntry], reason: String, profile: InstrumentProfile?
  ) -> (drop: [Int64], notices: [Notice]) {
    let waiting = told.filter { $0.state == .pending || $0.state == .parked }
    // What a program was handed is not answered: it is told by the exit.
    let gone = told.filter {
      [.sending, .sent, .unknown].contains($0.state) && intents.terms[$0.notice.channel] == nil
    }
    let notices = gone.map { entry in
      var notice = writer.correction(of: record, reason: reason, profile: profile, channel: entry.notice.channel)
      notice.answers = id
      notice.priority = entry.notice.priority
      notice.policy = entry.notice.policy
      return notice
    }
    return (waiting.map(\.id), notices)
  }

  struct Target: Hashable {
    var channel: String
    var policy: Notice.Policy
    var cooldown: Int64
  }

  /// Each channel once, by the first route that names it.
  private func targets(_ record: SignalRecord, _ context: NoticeContext) -> [Target] {
    let own = context.strategy
    var targets: [Target] = []
    func add(_ names: [String], _ route: Route?) {
      for name in names where intents.terms[name] == nil && !targets.contains(where: { $0.channel == name }) {
        targets.append(
          Target(
            channel: name, policy: route?.policy ?? rules.policy,
            cooldown: own.cooldown ?? route?.cooldown ?? rules.cooldown))
      }
    }
    let holding = rules.routes.filter {
      $0.selection.holds(record, category: context.profile?.category, own.priority)
    }
    // Who names a channel of orders alone leaves its messages to the routes.
    guard own.channels.allSatisfy({ intents.terms[$0] != nil }) else {
      for name in own.channels { add([name], holding.first { $0.channels.contains(name) }) }
      return targets
    }
    for route in rules.matching == .first ? Array(holding.prefix(1)) : holding { add(route.channels, route) }
    return targets
  }
}
