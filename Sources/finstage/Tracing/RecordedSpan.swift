import Instrumentation
import Pipelines
import Synchronization
import Tracing

/// A span that is written when it ends.
final class RecordedSpan: Tracing.Span {
  private struct State {
    var name: String
    var attributes: SpanAttributes = [:]
    var status: (code: SpanStatus.Code, message: String?)?
    var isEnded = false
  }

  let context: InstrumentationContext
  private let kind: SpanKind
  private let identity: SpanIdentity
  private let parent: UInt64?
  private let begin: UInt64
  private let state: Mutex<State>
  private let write: @Sendable (JSONValue) -> Void

  /// - Parameter begin: nanoseconds since 1970.
  init(
    _ name: String, _ kind: SpanKind, _ context: InstrumentationContext, _ identity: SpanIdentity, parent: UInt64?,
    from begin: UInt64, write: @escaping @Sendable (JSONValue) -> Void
  ) {
    self.context = context
    self.kind = kind
    self.identity = identity
    self.parent = parent
    self.begin = begin
    self.write = write
    state = Mutex(State(name: name))
  }

  var operationName: String {
    get { state.withLock { $0.name } }
    set { state.withLock { $0.name = newValue } }
  }

  var attributes: SpanAttributes {
    get { state.withLock { $0.attributes } }
    set { state.withLock { $0.attributes = newValue } }
  }

  var isRecording: Bool { state.withLock { !$0.isEnded } }

  func setStatus(_ status: SpanStatus) { state.withLock { $0.status = (status.code, status.message) } }

  /// Events and links are not written: nothing here makes any.
  func addEvent(_ event: SpanEvent) {}
  func addLink(_ link: SpanLink) {}

  func recordError<Moment: TracerInstant>(
    _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Moment
  ) {
    state.withLock { $0.status = (.error, "\(error)") }
  }

  func end<Moment: TracerInstant>(at instant: @autoclosure () -> Moment) {
    let moment = instant().nanosecondsSinceEpoch
    let ended: State? = state.withLock { state in
      guard !state.isEnded else { return nil }
      state.isEnded = true
      return state
    }
    if let ended { write(json(ended, max(begin, moment))) }
  }

  private func json(_ state: State, _ end: UInt64) -> JSONValue {
    var parts: [(String, JSONValue)] = [
      ("traceId", .string(identity.trace.text)), ("spanId", .string(SpanIdentity.hexadecimal(identity.span))),
    ]
    if let parent { parts.append(("parentSpanId", .string(SpanIdentity.hexadecimal(parent)))) }
    var attributes: [(String, JSONValue)] = []
    state.attributes.forEach { name, value in attributes.append((name, RecordedSpan.value(value))) }
    parts += [
      ("name", .string(state.name)), ("kind", .number(RecordedSpan.number(kind))),
      // As texts: a number of JSON does not hold as many digits.
      ("startTimeUnixNano", .string("\(begin)")), ("endTimeUnixNano", .string("\(end)")),
      (
        "attributes",
        .array(attributes.sorted { $0.0 < $1.0 }.map { .object([("key", .string($0.0)), ("value", $0.1)]) })
      ),
    ]
    if let status = state.status {
      let message = status.message.map { [("message", JSONValue.string($0))] } ?? []
      parts.append(("status", .object([("code", .number(status.code == .ok ? 1 : 2))] + message)))
    }
    return .object(parts)
  }

  private static func value(_ value: SpanAttribute) -> JSONValue {
    switch value {
    case .int32(let number): .object([("intValue", .string("\(number)"))])
    case .int64(let number): .object([("intValue", .string("\(number)"))])
    case .double(let number): .object([("doubleValue", .number(number))])
    case .bool(let truth): .object([("boolValue", .bool(truth))])
    case .string(let text): .object([("stringValue", .string(text))])
    case .stringConvertible(let some): .object([("stringValue", .string("\(some)"))])
    default: .object([("stringValue", .string("\(value)"))])
    }
  }

  /// The numbers of OTLP's `SpanKind`.
  private static func number(_ kind: SpanKind) -> Double {
    switch kind {
    case .internal: 1
    case .server: 2
    case .client: 3
    case .producer: 4
    case .consumer: 5
    }
  }
}
