public import Trading

/// Keeps when each source was asked, so that its allowance of a day holds over a restart.
public protocol RequestStore: Sendable {
  /// Notes a request to a source, and forgets those of it before a moment.
  func noteRequest(to source: String, at moment: Instant, forgetting oldest: Instant) async throws(StoreError)
  /// The requests to a source from a moment on, ascending.
  func requests(to source: String, since moment: Instant) async throws(StoreError) -> [Instant]
}
