import Foundation
import Synchronization

/// An HTTP server on loopback that answers as it is told, above all badly: on raw sockets, since no real server can be
/// brought to break the rules as those on the net do. Each connection has a thread of its own.
///
/// ```swift
/// let server = try FaultServer(["/prices": [.status(503), .text("a,b")]])   // by count; the last one stays
/// defer { server.stop() }
/// ```
public final class FaultServer: Sendable {
  public struct Request: Sendable {
    public let method: String
    /// Path and query as they were asked for.
    public let target: String
    /// By name in lower case.
    public let headers: [String: String]
    public let body: [UInt8]

    public var path: String { String(target.prefix { $0 != "?" }) }
    /// The query's parts by name, percent-decoded.
    public var query: [String: String] {
      let items = URLComponents(string: target)?.queryItems ?? []
      return Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
    }
  }

  public struct CannotListen: Error {
    public let code: Int32
  }

  private struct State {
    var requests: [Request] = []
    var counts: [String: Int] = [:]
    var connections: Set<Int32> = []
    var accepted = 0
    var threads = 1
    var isStopped = false
  }

  public let port: UInt16
  private let listener: Int32
  private let script: @Sendable (Request, Int) -> FaultAnswer
  private let cut: @Sendable (Int) -> Int?
  private let remembers: Int
  private let state = Mutex(State())

  /// The script is asked with each request and the number of requests that were made of its path before. `cut` says of
  /// a connection, counted from 0, after how many bytes of its requests it breaks with a reset; nil where it does not.
  /// Of the requests the first ones are kept, as many as `remembers` says.
  public init(
    remembers: Int = .max,
    cut: @escaping @Sendable (_ connection: Int) -> Int? = { _ in nil },
    _ script: @escaping @Sendable (Request, _ count: Int) -> FaultAnswer
  ) throws(CannotListen) {
    self.script = script
    self.cut = cut
    self.remembers = remembers
    listener = Sockets.tcp()
    port = Sockets.listen(listener)
    guard listener >= 0, port > 0 else {
      Sockets.close(listener)
      throw CannotListen(code: errno)
    }
    Thread.detachNewThread { [self] in accept() }
  }

  /// By path: the answers in their order, of which the last stays. Any other path is 404.
  public convenience init(_ answers: [String: [FaultAnswer]]) throws(CannotListen) {
    try self.init { request, count in
      guard let list = answers[request.path], let last = list.last else { return .status(404) }
      return count < list.count ? list[count] : last
    }
  }

  public var url: String { "http://127.0.0.1:\(port)" }

  /// All that have come, in order.
  public var requests: [Request] { state.withLock { $0.requests } }

  public func requests(of path: String) -> [Request] { requests.filter { $0.path == path } }

  /// Closes every connection, whatever it is at, and comes back when the last thread has ended.
  public func stop() {
    let wasStopped = state.withLock { state in
      defer { state.isStopped = true }
      if !state.isStopped { for connection in state.connections { Sockets.shutdown(connection) } }
      return state.isStopped
    }
    if !wasStopped { Sockets.shutdown(listener) }
    while state.withLock({ $0.threads > 0 }) { usleep(1_000) }
  }

  // MARK: The threads

  private func accept() {
    while let connection = Sockets.accept(listener) {
      let place: Int? = state.withLock { state in
        guard !state.isStopped else { return nil }
        state.connections.insert(connection)
        state.threads += 1
        state.accepted += 1
        return state.accepted - 1
      }
      guard let place else {
        Sockets.close(connection)
        continue
      }
      Thread.detachNewThread { [self] in
        serve(FaultConnection(connection, atMost: cut(place)))
        // Under the lock, since its number may be another's as soon as it is closed.
        state.withLock { state in
          state.connections.remove(connection)
          Sockets.close(connection)
          state.threads -= 1
        }
      }
    }
    Sockets.close(listener)
    state.withLock { $0.threads -= 1 }
  }

  private func serve(_ connection: FaultConnection) {
    var connection = connection
    while let request = connection.next() {
      let count = state.withLock { state in
        if state.requests.count < remembers { state.requests.append(request) }
        defer { state.counts[request.path, default: 0] += 1 }
        return state.counts[request.path] ?? 0
      }
      let answer = script(request, count)
      for step in answer.steps {
        guard connection.take(step, isStopped: { state.withLock { $0.isStopped } }) else { return }
      }
      guard answer.keepsOpen else { return }
    }
  }
}
