import NIOCore
import Synchronization

/// The connections there are. Of too many, the one is closed that has been idle for the longest time: who opens thousands
/// and says nothing does not keep others out.
final class ConnectionRegister: Sendable {
  private let limit: Int
  private let state = Mutex(State())

  private struct State {
    var turn: UInt64 = 0
    /// Idle connections by when they became idle.
    var idle: [UInt64: any Channel] = [:]
    var oldest: UInt64 = 0
    var turns: [ObjectIdentifier: UInt64] = [:]
    var count = 0
  }

  init(limit: Int) { self.limit = limit }

  var count: Int { state.withLock { $0.count } }

  /// Takes a new connection; false where all others are at work, and it is not to be served.
  func open(_ channel: any Channel) -> Bool {
    let (isTaken, evicted) = state.withLock { state -> (Bool, (any Channel)?) in
      var evicted: (any Channel)?
      if state.count >= limit {
        guard let oldest = ConnectionRegister.removeOldest(&state) else { return (false, nil) }
        evicted = oldest
      }
      state.count += 1
      ConnectionRegister.add(channel, &state)
      return (true, evicted)
    }
    evicted?.close(promise: nil)
    return isTaken
  }

  /// It waits for a request.
  func rest(_ channel: any Channel) { state.withLock { ConnectionRegister.add(channel, &$0) } }

  /// A request has come.
  func work(_ channel: any Channel) { state.withLock { ConnectionRegister.remove(channel, &$0) } }

  func close(_ channel: any Channel) {
    state.withLock { state in
      ConnectionRegister.remove(channel, &state)
      state.count -= 1
    }
  }

  private static func add(_ channel: any Channel, _ state: inout State) {
    remove(channel, &state)
    state.turn += 1
    state.idle[state.turn] = channel
    state.turns[ObjectIdentifier(channel)] = state.turn
  }

  private static func remove(_ channel: any Channel, _ state: inout State) {
    guard let turn = state.turns.removeValue(forKey: ObjectIdentifier(channel)) else { return }
    state.idle[turn] = nil
  }

  private static func removeOldest(_ state: inout State) -> (any Channel)? {
    while state.oldest <= state.turn {
      defer { state.oldest += 1 }
      guard let channel = state.idle.removeValue(forKey: state.oldest) else { continue }
      state.turns[ObjectIdentifier(channel)] = nil
      return channel
    }
    return nil
  }
}
