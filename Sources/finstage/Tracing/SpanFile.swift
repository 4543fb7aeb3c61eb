import Instrumentation
import Pipelines
import Synchronization
import Tracing
import Trading

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writes spans to a file, a line of OTLP/JSON each, as collectors of OpenTelemetry read them
/// (https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/).
final class SpanFile: Tracer {
  private let file: Int32
  private let secrets: LogSecrets
  private let random: @Sendable () -> UInt64

  /// Opens a file to write behind what is in it; what it says is for its owner alone.
  init(
    path: String, without secrets: LogSecrets,
    random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: 1...UInt64.max) }
  ) throws(Failure) {
    file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw Failure(.usage, "--traces: \(path) cannot be written: \(String(cString: strerror(errno)))")
    }
    self.secrets = secrets
    self.random = random
  }

  deinit { close(file) }

  func startSpan<Moment: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
    at instant: @autoclosure () -> Moment, function: String, file fileID: String, line: UInt
  ) -> RecordedSpan {
    var context = context()
    let parent = context[SpanIdentity.self]
    let identity = SpanIdentity(trace: parent?.trace ?? .init(random(), random()), span: random())
    context[SpanIdentity.self] = identity
    return RecordedSpan(
      operationName, kind, context, identity, parent: parent?.span, from: instant().nanosecondsSinceEpoch,
      write: { self.write($0) })
  }

  /// Every span is written when it ends.
  func forceFlush() {}

  func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    guard let text = extractor.extract(key: "traceparent", from: carrier) else { return }
    context[SpanIdentity.self] = SpanIdentity(text) ?? context[SpanIdentity.self]
  }

  func inject<Carrier, Inject: Injector>(
    _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let identity = context[SpanIdentity.self] else { return }
    injector.inject(identity.text, forKey: "traceparent", into: &carrier)
  }

  private func write(_ span: JSONValue) {
    let text = secrets.left(out: SpanFile.line(span), upTo: 1 << 20)
    let bytes = Array((text + "\n").utf8)
    // At once, so that lines of two spans do not mingle. A full disk loses spans, and nothing else.
    _ = bytes.withUnsafeBytes { append($0, to: file) }
  }

  private static func line(_ span: JSONValue) -> String {
    let service: JSONValue = .object([
      ("key", "service.name"), ("value", .object([("stringValue", "finstage")])),
    ])
    let version: JSONValue = .object([
      ("key", "service.version"), ("value", .object([("stringValue", .string(Finstage.version))])),
    ])
    let scope: JSONValue = .object([
      ("scope", .object([("name", "finstage")])), ("spans", .array([span])),
    ])
    return JSONValue.object([
      (
        "resourceSpans",
        .array([
          .object([
            ("resource", .object([("attributes", .array([service, version]))])), ("scopeSpans", .array([scope])),
          ])
        ])
      )
    ]).line
  }
}

private func append(_ bytes: UnsafeRawBufferPointer, to file: Int32) -> Int {
  write(file, bytes.baseAddress, bytes.count)
}

/// A trace and a span in it, as W3C's Trace Context writes them.
struct SpanIdentity: InstrumentationContextKey, Equatable, Sendable {
  typealias Value = SpanIdentity

  struct Trace: Equatable, Sendable {
    let high, low: UInt64

    init(_ high: UInt64, _ low: UInt64) {
      self.high = high
      self.low = low
    }

    var text: String { SpanIdentity.hexadecimal(high) + SpanIdentity.hexadecimal(low) }
  }

  let trace: Trace
  let span: UInt64

  init(trace: Trace, span: UInt64) {
    self.trace = trace
    self.span = span
  }

  /// `00-…32…-…16…-01`; nil where it is no such text.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 4, parts.map(\.utf8.count) == [2, 32, 16, 2],
      let high = UInt64(parts[1].prefix(16), radix: 16), let low = UInt64(parts[1].suffix(16), radix: 16),
      let span = UInt64(parts[2], radix: 16), high | low != 0, span != 0
    else { return nil }
    self.init(trace: Trace(high, low), span: span)
  }

  var text: String { "00-\(trace.text)-\(SpanIdentity.hexadecimal(span))-01" }

  static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
