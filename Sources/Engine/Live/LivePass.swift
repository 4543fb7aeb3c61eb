public import Pipelines
public import Storage
public import Trading

/// A signal that a pass has found.
public struct LiveSignal: Sendable {
  public enum Occasion: String, Sendable, CaseIterable {
    /// At the market's latest bar.
    case new
    /// At an earlier bar, which came together with later ones.
    case late
    /// By a correction of prices, at a bar that had been evaluated.
    case corrected
    /// At the latest bar of a market that had not been evaluated before: shown, and neither saved nor sent.
    case first
  }

  public var record: Storage.SignalRecord
  /// When its bar was known.
  public var knownAt: Instant
  public var occasion: Occasion
  /// The strategy's title, and what it says of notices.
  public var title: String
  public var notify: Notify
  /// How the strategy trades its signals, and what the columns of that plan say at the signal's bar.
  public var plan: TradePlan
  public var planned: [Double]
  /// Its number in the store; nil where it was not saved, or was there already.
  public var id: Int64?
  /// What goes out about it.
  public var notices: [Notice] = []

  public init(
    record: Storage.SignalRecord, knownAt: Instant, occasion: Occasion, title: String, notify: Notify,
    plan: TradePlan, planned: [Double]
  ) {
    self.record = record
    self.knownAt = knownAt
    self.occasion = occasion
    self.title = title
    self.notify = notify
    self.plan = plan
    self.planned = planned
  }
}

/// What a correction of prices made of a signal that had been said.
public struct LiveCorrection: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// It would not have been said.
    case retracted
    /// It would have been said with another price, confidence or reason, or had been taken back before and stands again.
    case changed
  }

  public var kind: Kind
  public var before: StoredSignal
  /// What is said instead; nil where nothing is.
  public var after: Signal?
  public var cause: String
  public var notices: [Notice] = []
}

/// What may be worth telling somebody.
public enum LiveEvent: Sendable {
  case signal(LiveSignal)
  case correction(LiveCorrection)
}

/// Something that failed in a pass.
public struct LiveFailure: Hashable, Sendable, CustomStringConvertible {
  public var fault: LiveFault
  /// How often in a row.
  public var count: Int
  /// Since this pass it is not tried any more, until the strategies are read anew.
  public var isParked: Bool
  /// It has failed so often in a row that somebody should know; it is tried on all the same.
  public var isLasting = false

  public var description: String {
    switch (isParked, count) {
    case (false, _): isLasting ? "\(fault); it failed \(count) times in a row and is tried on" : "\(fault)"
    case (true, 1): "\(fault); it is not tried again"
    case (true, _): "\(fault); it failed \(count) times in a row and is not tried again"
    }
  }
}

/// What one pass over the markets has found.
public struct LivePass: Sendable {
  /// In the order of their bars, then by symbol, timeframe and strategy.
  public var signals: [LiveSignal] = []
  public var corrections: [LiveCorrection] = []
  /// What failed; each that is parked stands here once.
  public var failures: [LiveFailure] = []
  /// Markets that had new bars, and how many bars those were.
  public var markets = 0
  public var bars = 0
  /// Markets whose history was replayed.
  public var replayed = 0
  /// Numbers of bars that stored signals have now, because an earlier bar came late.
  var renumbered: [Int64: Int] = [:]
  /// Why nothing was saved; the next pass finds all of it again.
  public var storeFault: StoreError?

  public init() {}
}

/// Counts what fails in a row, and parks it in the end.
struct Parking {
  private let limit: Int
  private var counts: [String: Int] = [:]
  private var mentioned: Set<String> = []
  private var unreadable: [String: Int] = [:]

  init(after limit: Int) { self.limit = max(1, limit) }

  func isParked(_ subject: String) -> Bool { counts[subject].map { $0 >= limit } ?? false }

  /// Notes a failure; nil where it is parked already, which has been told.
  mutating func note(_ fault: LiveFault) -> LiveFailure? {
    guard !isParked(fault.subject) else { return nil }
    let count = counts[fault.subject, default: 0] + 1
    counts[fault.subject] = count
    return LiveFailure(fault: fault, count: count, isParked: count >= limit)
  }

  /// Notes what lacks something that may come any day: told once, and tried again whenever.
  mutating func mention(_ fault: LiveFault) -> LiveFailure? {
    mentioned.insert(fault.subject).inserted ? LiveFailure(fault: fault, count: 1, isParked: false) : nil
  }

  /// Notes that what there is cannot be read, which somebody may mend any day: never parked, and told until it lasts.
  mutating func noteUnreadable(_ fault: LiveFault) -> LiveFailure? {
    let count = unreadable[fault.subject, default: 0] + 1
    guard count <= limit else { return nil }
    unreadable[fault.subject] = count
    return LiveFailure(fault: fault, count: count, isParked: false, isLasting: count == limit)
  }

  /// Parks at once what no later try will mend; nil where it is parked already.
  mutating func park(_ fault: LiveFault) -> LiveFailure? {
    guard !isParked(fault.subject) else { return nil }
    counts[fault.subject] = limit
    return LiveFailure(fault: fault, count: 1, isParked: true)
  }

  mutating func noteSuccess(_ subject: String) {
    mentioned.remove(subject)
    unreadable[subject] = nil
    if counts[subject] != nil, !isParked(subject) { counts[subject] = nil }
  }

  mutating func forgetAll() { (counts, mentioned, unreadable) = ([:], [], [:]) }
}
