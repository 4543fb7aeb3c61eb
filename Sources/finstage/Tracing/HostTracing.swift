import Engine
import HTTPAPI
import Notifications
import Tracing
import Trading

/// A moment of the host's clock.
struct HostMoment: TracerInstant {
  let nanosecondsSinceEpoch: UInt64

  init(_ moment: Instant) { nanosecondsSinceEpoch = UInt64(max(0, moment.milliseconds)) * 1_000_000 }

  static func < (one: HostMoment, other: HostMoment) -> Bool {
    one.nanosecondsSinceEpoch < other.nanosecondsSinceEpoch
  }
}

/// What the host does as spans: a job, and in it requests to servers and passes over the markets; a message; a request that
/// was answered. Where no tracer is set, they cost nothing and go nowhere.
enum HostTracing {
  /// A span around a body; spans within it are its children.
  static func span<Answer>(
    _ name: String, _ attributes: [(String, String)] = [], now: @Sendable () -> Instant,
    _ body: () async throws -> Answer
  ) async throws -> Answer {
    try await withSpan(name, at: HostMoment(now())) { span in
      for (name, value) in attributes { span.attributes[name] = SpanAttribute.string(value) }
      return try await body()
    }
  }

  /// What has ended already, so many milliseconds after it began.
  static func record(
    _ name: String, _ kind: SpanKind, _ attributes: [(String, String)], until end: Instant, milliseconds: Int64,
    isFault: Bool = false
  ) {
    let span = startSpan(
      name, context: .topLevel, ofKind: kind, at: HostMoment(end.advanced(by: -max(0, milliseconds))))
    for (name, value) in attributes { span.attributes[name] = SpanAttribute.string(value) }
    if isFault { span.setStatus(SpanStatus(code: .error)) }
    span.end(at: HostMoment(end))
  }
}
