import Notifications
import Synchronization

/// Whether commands are heard, by their sources.
final class CommandStates: Sendable {
  struct State: Sendable {
    var isUp: Bool
    var detail: String
  }

  private let states = Mutex<[String: State]>([:])

  /// A configuration begins; what another one heard is forgotten.
  func begin(_ sources: [String]) {
    states.withLock { states in
      states = Dictionary(
        sources.map { ($0, State(isUp: true, detail: "not asked yet")) }, uniquingKeysWith: { first, _ in first })
    }
  }

  func note(_ event: ListenerEvent) {
    switch event {
    case .listening(let source): set(source, true, "commands are heard")
    case .resting(let source): set(source, true, "commands are heard by the host that leads")
    case .contested(let source, _, let reason): set(source, false, "somebody else hears the commands: \(reason)")
    case .refused(let source, _, let reason), .failing(let source, _, let reason): set(source, false, reason)
    case .carriedOut, .strangers: break
    case .storeFailed: HostMetrics.count("errors_total", [("part", "store")])
    }
  }

  private func set(_ source: String, _ isUp: Bool, _ detail: String) {
    states.withLock { $0[source] = State(isUp: isUp, detail: detail) }
  }

  /// By their sources.
  var all: [(source: String, state: State)] {
    states.withLock { states in states.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
  }
}
