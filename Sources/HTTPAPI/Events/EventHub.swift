public import Pipelines
import Synchronization
public import Trading

/// Something that happened, as listeners are told.
public struct HostEvent: Sendable {
  /// A word: `signal`, `job`, `message`, `reload`, `backtest`.
  public let kind: String
  public let time: Instant
  public let data: JSONValue

  public init(_ kind: String, at time: Instant, _ data: JSONValue) {
    self.kind = kind
    self.time = time
    self.data = data
  }
}

/// Hands events to whoever listens (Server-Sent Events), and keeps the latest ones for those who come back.
public final class EventHub: Sendable {
  /// Events that are kept, and that one listener may have waiting before it is left.
  static let kept = 1_000
  /// Listeners at one time.
  static let most = 100
  /// Milliseconds between two signs of life.
  public static let pulse: Int64 = 15_000

  /// Tells one run of the program from another: numbers of an earlier one mean nothing here.
  private let run: String
  private let state = Mutex(State())

  private struct State {
    var number = 0
    var latest: [(number: Int, text: [UInt8])] = []
    var listeners: [Int: AsyncStream<[UInt8]>.Continuation] = [:]
    var nextListener = 0
    var isClosed = false
  }

  public init(run: String) { self.run = run }

  public var listeners: Int { state.withLock { $0.listeners.count } }

  public func tell(_ event: HostEvent) {
    let left = state.withLock { state in
      state.number += 1
      let line = JSONValue.object([("time", .string("\(event.time)")), ("data", event.data)]).line
      let text = Array("id: \(run)-\(state.number)\nevent: \(event.kind)\ndata: \(line)\n\n".utf8)
      state.latest.append((state.number, text))
      if state.latest.count > EventHub.kept { state.latest.removeFirst(state.latest.count - EventHub.kept) }
      return EventHub.send(text, &state)
    }
    for listener in left { listener.finish() }
  }

  /// A sign of life, so that proxies leave the connection open.
  public func beat() {
    for listener in state.withLock({ EventHub.send(Array(": alive\n\n".utf8), &$0) }) { listener.finish() }
  }

  /// Who does not read is left, and comes back with the number of what it had last. They are given back, to be ended
  /// where no lock is held: the end of a stream asks for it.
  private static func send(_ text: [UInt8], _ state: inout State) -> [AsyncStream<[UInt8]>.Continuation] {
    var left: [AsyncStream<[UInt8]>.Continuation] = []
    for (id, listener) in state.listeners {
      if case .enqueued = listener.yield(text) { continue }
      left.append(listener)
      state.listeners[id] = nil
    }
    return left
  }

  /// A stream of events from now on, or from behind the one that is named.
  public func listen(after last: String?) throws(Problem) -> AsyncStream<[UInt8]> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: [UInt8].self, bufferingPolicy: .bufferingOldest(EventHub.kept + 10))
    let id: Int? = state.withLock { state in
      guard !state.isClosed, state.listeners.count < EventHub.most else { return nil }
      continuation.yield(Array("retry: 3000\n\n".utf8))
      if let last {
        if let missed = missed(after: last, state) {
          for text in missed { continuation.yield(text) }
        } else {
          // What is between is not known here: the listener is to read what it shows anew.
          continuation.yield(Array("event: reset\ndata: {}\n\n".utf8))
        }
      }
      state.nextListener += 1
      state.listeners[state.nextListener] = continuation
      return state.nextListener
    }
    guard let id else { throw Problem(503, "too many listen already", headers: [["Retry-After", "10"]]) }
    continuation.onTermination = { [weak self] _ in self?.state.withLock { $0.listeners[id] = nil } }
    return stream
  }

  /// Ends every stream; nobody can listen after that.
  public func close() {
    let listeners = state.withLock { state in
      state.isClosed = true
      defer { state.listeners = [:] }
      return state.listeners.values.map { $0 }
    }
    for listener in listeners { listener.finish() }
  }

  /// Nil where it is of another run, or too long ago.
  private func missed(after last: String, _ state: State) -> [[UInt8]]? {
    guard let dash = last.lastIndex(of: "-"), last[..<dash] == run, let number = Int(last[last.index(after: dash)...]),
      number <= state.number, number >= (state.latest.first?.number ?? state.number + 1) - 1
    else { return nil }
    return state.latest.filter { $0.number > number }.map(\.text)
  }
}
