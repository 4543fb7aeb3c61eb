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
    guard waiting.count < limits.waiting else { throw InboundFault.full }
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
        results = try await save(batch).map { .success($0) }
      } catch {
        results = batch.map { _ in .failure(error) }
      }
      for (one, result) in zip(batch, results) { one.answer.resume(returning: result) }
    }
    isAtWork = false
  }

  private func save(_ batch: [Waiting]) async throws -> [InboundReceipt] {
    struct Key: Hashable { let source, key: String }
    let moment = now()
    var receipts = try await store.receipts(of: batch.map(\.message.mark), at: moment)
    var first: [Key: Int] = [:]
    var new: [Int] = []
    for (place, one) in batch.enumerated() where receipts[place] == nil {
      let mark = one.message.mark
      let key = Key(source: mark.source, key: mark.key)
      // Of several that come together the first counts; the store says of the others what it says of any repeat.
      if first[key] == nil {
        first[key] = place
        new.append(place)
      }
    }
    guard !new.isEmpty else { return receipts.compactMap { $0 } }
    let notices = await decide(new.map { batch[$0].signal })
    let repeats = batch.indices.filter { receipts[$0] == nil && !new.contains($0) }
    let arrivals =
      zip(new, notices).map { place, notices in
        InboundArrival(mark: batch[place].message.mark, record: batch[place].message.record, notices: notices)
      }
      + repeats.map { InboundArrival(mark: batch[$0].message.mark, record: batch[$0].message.record) }
    let saved = try await store.receive(arrivals, at: moment)
    for (place, receipt) in zip(new + repeats, saved) { receipts[place] = receipt }
    var told: [LiveSignal] = []
    for (place, notices) in zip(new, notices) {
      guard case .saved(let id)? = receipts[place] else { continue }
      var signal = batch[place].signal
      signal.id = id
      signal.notices = notices
      told.append(signal)
    }
    await tell(told)
    let all = receipts.compactMap { $0 }
    guard all.count == batch.count else { throw InboundFault.full }
    return all
  }
}
