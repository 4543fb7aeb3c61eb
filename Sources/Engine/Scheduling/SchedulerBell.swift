import Synchronization

/// Tells a running scheduler that the store says something new: a run that was asked for, a job that is to rest.
public final class SchedulerBell: Sendable {
  private let listener = Mutex<AsyncStream<SchedulerLoop.Event>.Continuation?>(nil)

  public init() {}

  /// Where no scheduler runs, the next one reads the store at its start anyway.
  public func ring() { _ = listener.withLock { $0?.yield(.rung) } }

  func listen(_ sender: AsyncStream<SchedulerLoop.Event>.Continuation?) { listener.withLock { $0 = sender } }
}
