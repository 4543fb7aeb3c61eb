import PluginKit
import Tracing
import Trading

/// Measures how long requests take.
struct MeasuredClient: WebClient {
  let client: any WebClient
  let source: String
  let now: @Sendable () -> Instant

  func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    let began = now()
    defer {
      HostMetrics.time(
        "fetch_duration_seconds", milliseconds: now().milliseconds - began.milliseconds, [("source", source)])
    }
    let span = startSpan("fetch", ofKind: .client, at: HostMoment(began))
    span.attributes["source"] = SpanAttribute.string(source)
    do throws(WebError) {
      let response = try await client.send(request)
      span.attributes["http.response.status_code"] = SpanAttribute.int64(Int64(response.status))
      span.end(at: HostMoment(now()))
      return response
    } catch {
      span.recordError(error)
      span.end(at: HostMoment(now()))
      throw error
    }
  }
}
