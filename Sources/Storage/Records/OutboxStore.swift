public import Trading

/// A message about to be sent: one notice, or several of a digest.
public struct ClaimedMessage: Hashable, Sendable {
  /// In the order in which they were queued; never empty.
  public var entries: [OutboxEntry]
  /// What the channel called the message that this one answers.
  public var replyTo: String?

  public init(entries: [OutboxEntry], replyTo: String? = nil) {
    self.entries = entries
    self.replyTo = replyTo
  }
}

/// What became of a message that was sent, or was tried to be.
public enum SendingResult: Hashable, Sendable {
  case sent(reference: String?)
  /// To be tried again at a moment; `doubtful` where it may have arrived.
  case again(at: Instant, reason: String, doubtful: Bool)
  case unknown(String)
  case parked(String)
  case dead(String)
}

/// Of a notice in the outbox what decides about later ones; not its words.
public struct ToldNotice: Hashable, Sendable {
  public var key: String
  public var channel: String
  public var state: OutboxEntry.State
  public var strategy: String?
  public var direction: Direction?
  public var priority: String
  public var batch: String?
  /// Whether a signal is told of.
  public var isOfSignal: Bool
  /// When the bar of the signal was known; nil where the notice does not say so.
  public var knownAt: Instant?
  public var createdAt: Instant
  public var dueAt: Instant

  init(
    key: String, channel: String, state: OutboxEntry.State, strategy: String?, direction: Direction?,
    priority: String, batch: String?, isOfSignal: Bool, knownAt: Instant?, createdAt: Instant, dueAt: Instant
  ) {
    (self.key, self.channel, self.state) = (key, channel, state)
    (self.strategy, self.direction, self.priority, self.batch) = (strategy, direction, priority, batch)
    (self.isOfSignal, self.knownAt, self.createdAt, self.dueAt) = (isOfSignal, knownAt, createdAt, dueAt)
  }

  init(_ entry: OutboxEntry) {
    let notice = entry.notice
    (key, channel, state) = (notice.key, notice.channel, entry.state)
    (strategy, direction, priority, batch) = (notice.strategy, notice.direction, notice.priority, notice.batch)
    (isOfSignal, knownAt) = (entry.signal != nil, notice.fields["time"].flatMap { Instant($0) })
    (createdAt, dueAt) = (entry.createdAt, entry.dueAt)
  }
}

/// What the outbox holds about a symbol.
public struct SymbolHistory: Hashable, Sendable {
  /// What was queued and is not dropped, the earliest first.
  public var told: [ToldNotice]
  /// How many notices were held back behind the last one that was not, by channel.
  public var heldBack: [String: Int]

  public init(told: [ToldNotice] = [], heldBack: [String: Int] = [:]) {
    self.told = told
    self.heldBack = heldBack
  }

  /// Takes in what is queued or held back now.
  public mutating func add(_ entry: OutboxEntry) {
    if entry.state == .dropped {
      heldBack[entry.notice.channel, default: 0] += 1
    } else {
      told.append(ToldNotice(entry))
      heldBack[entry.notice.channel] = nil
    }
  }
}

/// Keeps notices, and for each of them how far it has come: `pending`, `sending`, then `sent`, `unknown`, `parked`,
/// `dead` or `dropped`.
public protocol OutboxStore: Sendable {
  /// Queues notices. One whose key its channel has been told of already is left out.
  func add(_ notices: [Notice], at moment: Instant) async throws(StoreError)

  /// Takes the next message of a channel, and notes it as `sending` before it is returned. Nil where none is due, and
  /// while one that was tried before waits for its next try: so the order of a channel's messages is kept.
  /// - Parameters:
  ///   - lateBefore: notices queued before this have waited too long to go one by one; they go as a digest.
  ///   - limit: how many notices a digest holds.
  func claim(
    channel: String, at moment: Instant, lateBefore: Instant, limit: Int
  ) async throws(StoreError) -> ClaimedMessage?

  /// Notes what became of notices that are `sending`; others stay as they are.
  func note(_ result: SendingResult, of ids: [Int64], at moment: Instant) async throws(StoreError)

  /// What a crash has left as `sending` becomes due again, or `unknown` where the policy is at most once or the notice
  /// has been in doubt `doubts` times; what was parked becomes due. To be called before the first claim of a process.
  func recover(doubts: Int, at moment: Instant) async throws(StoreError) -> (again: Int, unknown: Int)

  /// All that waits for a channel is parked, or becomes due again; how many.
  @discardableResult func park(channel: String, _ reason: String) async throws(StoreError) -> Int
  @discardableResult func unpark(channel: String, at moment: Instant) async throws(StoreError) -> Int

  /// When the next pending notice of a channel is due.
  func nextDue(channel: String) async throws(StoreError) -> Instant?

  func entry(_ id: Int64) async throws(StoreError) -> OutboxEntry?
  /// The latest first; of every state where none is named.
  func entries(in states: [OutboxEntry.State], limit: Int) async throws(StoreError) -> [OutboxEntry]
  /// By short id or number.
  func entries(called name: String) async throws(StoreError) -> [OutboxEntry]
  func entries(about signal: Int64) async throws(StoreError) -> [OutboxEntry]
  /// What was queued or held back about each of the symbols since a moment.
  func histories(about symbols: Set<String>, since: Instant) async throws(StoreError) -> [String: SymbolHistory]
  /// How many there are of each state.
  func counts() async throws(StoreError) -> [OutboxEntry.State: Int]
  /// Whether no notice was ever queued.
  func isUnused() async throws(StoreError) -> Bool

  /// Makes a notice due again that is unknown, parked, dead or dropped; false where it is none of these. The channel of a
  /// parked one is to be asked again at once.
  func retry(_ id: Int64, at moment: Instant) async throws(StoreError) -> Bool
  /// Takes out a notice that is pending, parked, unknown or dead; false where it is none of these.
  func drop(_ id: Int64, _ reason: String, at moment: Instant) async throws(StoreError) -> Bool
}

extension OutboxStore {
  public func add(_ notice: Notice, at moment: Instant) async throws(StoreError) { try await add([notice], at: moment) }
}
