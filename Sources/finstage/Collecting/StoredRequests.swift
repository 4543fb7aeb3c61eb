import Fetching
import PluginKit
import Storage
import Trading

/// A source's requests as the store keeps them.
struct StoredRequests: RequestLog {
  let source: String
  let store: any RequestStore

  func requests(since moment: Instant) async throws(WebError) -> [Instant] {
    do throws(StoreError) { return try await store.requests(to: source, since: moment) } catch { throw fault(error) }
  }

  func note(_ request: Instant, forgetting oldest: Instant) async throws(WebError) {
    do throws(StoreError) {
      try await store.noteRequest(to: source, at: request, forgetting: oldest)
    } catch {
      throw fault(error)
    }
  }

  /// Who cannot count does not ask: the allowance of a day might be overrun.
  private func fault(_ error: StoreError) -> WebError {
    error == .cancelled
      ? WebError(.cancelled, "the request was cancelled")
      : WebError(.refused, "its requests of today cannot be counted: \(error)")
  }
}
