import Pipelines
public import Storage
public import Trading

/// Takes signals from outside into the store: those that wait together are decided one after another and saved in one
/// transaction, so that the disk is waited for once. Nobody is told that a message was taken before it is on disk.
public actor InboundIntake {
  public struct Limits: Sendable {
    /// Messages that wait, and those that are saved together.
    public var waiting = 512
    public var together = 128

    public init() {}
  }

  /// The notices of signals that are new, in their order, each decided with those before it in mind.
  public typealias Decide = @Sendable ([LiveSignal]) async -> [[Notice]]

  private struct Waiting {
    let message: InboundMessage
    let signal: LiveSignal
    let answer: CheckedContinuation<Result<InboundReceipt, any Error>, Never>
  }

  private let store: any InboundStore
  private let limits: Limits
  private let now: @Sendable () -> Instant
  private let decide: Decide
  /// Told of signals that have been saved.
  private let tell: @Sendable ([LiveSignal]) async -> Void
  private var waiting: [Waiting] = []
  private var isAtWork = false
  /// Messages that found no room.
  private(set) var refused = 0

  public init(
    _ store: any InboundStore, limits: Limits = Limits(), now: @escaping @Sendable () -> Instant,
    decide: @escaping Decide, tell: @escaping @Sendable ([LiveSignal]) async -> Void
  ) {
    self.store = store
    self.limits = limits
    self.now = now
    self.decide = decide
    self.tell = tell
  }

  /// Takes a message, and comes back when it is on disk, or has been before.
  public func take(_ message: InboundMessage, from source: InboundSource) async throws -> InboundReceipt {
    guard waiting.count < limits.waiting else {
      refused += 1
      throw InboundFault.full
    }
    let record = message.record
    let signal = LiveSignal(
      record: record, knownAt: record.signal.time, occasion: .new, title: record.strategy, notify: source.notify,
      plan: TradePlan(), planned: [])
    let result = await withCheckedContinuation { continuation in
      waiting.append(Waiting(message: message, signal: signal, answer: continuation))
      if !isAtWork {
        isAtWork = true
        Task { await work() }
      }
    }
    return try result.get()
  }

  private func work() async {
    while !waiting.isEmpty {
      let batch = Array(waiting.prefix(limits.together))
      waiting.removeFirst(batch.count)
      let results: [Result<InboundReceipt, any Error>]
      do {
        // A store that does not answer for all of them has not kept the others.
        results = try await save(batch).map { $0.map { .success($0) } ?? .failure(InboundFault.full) }
      } catch {
        results = batch.map { _ in .failure(error) }
      }
      for (one, result) in zip(batch, results) { one.answer.resume(returning: result) }
    }
    isAtWork = false
  }

  private func save(_ batch: [Waiting]) async throws -> [InboundReceipt?] {
    struct Key: Hashable { let source, key: String }
    let moment = now()
    var receipts = try await store.receipts(of: batch.map(\.message.mark), at: moment)
    var seen: Set<Key> = []
    var new: [Int] = []
    for (place, one) in batch.enumerated() where receipts[place] == nil {
      let mark = one.message.mark
      // Of several that come together the first counts; the store says of the others what it says of any repeat.
      if seen.insert(Key(source: mark.source, key: mark.key)).inserted { new.append(place) }
    }
    guard !new.isEmpty else { return receipts }
    let decided = await decide(new.map { batch[$0].signal })
    let notices = Dictionary(zip(new, decided), uniquingKeysWith: { first, _ in first })
    let repeats = batch.indices.filter { receipts[$0] == nil && !new.contains($0) }
    let arrivals = (new + repeats).map { place in
      InboundArrival(
        mark: batch[place].message.mark, record: batch[place].message.record, notices: notices[place] ?? [])
    }
    let saved = try await store.receive(arrivals, at: moment)
    for (place, receipt) in zip(new + repeats, saved) { receipts[place] = receipt }
    var told: [LiveSignal] = []
    for place in new {
      guard case .saved(let id)? = receipts[place] else { continue }
      var signal = batch[place].signal
      signal.id = id
      signal.notices = notices[place] ?? []
      told.append(signal)
    }
    await tell(told)
    return receipts
  }
}
