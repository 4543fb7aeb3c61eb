public import Trading

/// How far a source of commands has been heard: everything before `next` has had its effect, or has none.
public struct CommandPlace: Hashable, Sendable {
  public var next: Int64
  /// When the last one was heard.
  public var at: Instant

  public init(next: Int64, at: Instant) {
    self.next = next
    self.at = at
  }
}

/// Signals of a strategy that nobody is told of for a time, because somebody said so while the host ran.
public struct StoredSilence: Hashable, Sendable {
  public var strategy: String
  /// Up to `until`, which is not part of it.
  public var from, until: Instant
  public var reason: String
  /// Who, as in the audit.
  public var actor: String

  public init(strategy: String, from: Instant, until: Instant, reason: String, actor: String) {
    self.strategy = strategy
    self.from = from
    self.until = until
    self.reason = reason
    self.actor = actor
  }
}

/// That somebody has acted on a signal, by their own word.
public struct TakenSignal: Hashable, Sendable {
  public var signal: Int64
  /// Who, as in the audit, and as they call themselves.
  public var actor, name: String
  public var at: Instant

  public init(signal: Int64, actor: String, name: String, at: Instant) {
    self.signal = signal
    self.actor = actor
    self.name = name
    self.at = at
  }
}

/// What a command changes.
public enum CommandEffect: Hashable, Sendable {
  case silence(StoredSilence)
  /// All silences of a strategy that hold end now; those of the configuration stay.
  case endSilences(strategy: String)
  case taken(TakenSignal)
}

/// A command with all that becomes of it.
public struct CarriedCommand: Hashable, Sendable {
  public var source: String
  /// Its number among the commands of its source.
  public var number: Int64
  public var effect: CommandEffect?
  public var audit: [AuditEntry]
  /// What is answered.
  public var notices: [Notice]

  public init(
    source: String, number: Int64, effect: CommandEffect? = nil, audit: [AuditEntry] = [], notices: [Notice] = []
  ) {
    self.source = source
    self.number = number
    self.effect = effect
    self.audit = audit
    self.notices = notices
  }
}

/// Keeps what people do by commands.
public protocol CommandStore: Sendable {
  /// Nil where the source was never heard.
  func place(of source: String) async throws(StoreError) -> CommandPlace?
  /// Notes that a command is begun, before anything is done for it; how often that was so without it being carried out,
  /// this time included. So one that ends the process each time can be passed over.
  func begin(_ number: Int64, of source: String, at moment: Instant) async throws(StoreError) -> Int
  /// Does what a command says, notes it, queues the answer and moves the source on behind it: all or nothing. False, and
  /// nothing is done, where the source is behind it already.
  ///
  /// - Parameter anew: Whether the numbers of the source begin anew: then what came before is of no account.
  func carryOut(_ command: CarriedCommand, anew: Bool, at moment: Instant) async throws(StoreError) -> Bool
  /// Moves a source on over what is no command. It never goes back, unless its numbers begin anew.
  func pass(to next: Int64, of source: String, anew: Bool, at moment: Instant) async throws(StoreError)
  /// Those that hold at a moment, by when they end.
  func silences(at moment: Instant) async throws(StoreError) -> [StoredSilence]
  /// Who has taken a signal, the first one first.
  func taken(_ signal: Int64) async throws(StoreError) -> [TakenSignal]
  /// The numbers of all signals that somebody has taken.
  func takenSignals() async throws(StoreError) -> Set<Int64>
}
