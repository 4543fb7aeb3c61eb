public import Storage
public import Trading

/// What a scheduler tells of.
public enum SchedulerEvent: Sendable {
  case began(JobSlot)
  case done(JobSlot, detail: String?)
  case failed(JobSlot, reason: String)
  case willRetry(JobSlot, reason: String, at: Instant)
  /// Slots passed over, because they were late.
  case skipped(job: String, slots: [Instant])
  /// A slot that was running when an earlier process ended.
  case lost(JobSlot, runsAgain: Bool)
  /// A slot whose run was ended by the stop of the host; it runs again at the next start.
  case released(JobSlot)
  /// The clock was put back, by milliseconds.
  case clockWentBack(by: Int64)
  /// The store could not be read or written; it is tried again within a minute.
  case storeFailed(StoreError)
  /// The loop is alive; told at least once a minute.
  case turned(Instant)
}
