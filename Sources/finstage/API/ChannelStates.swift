import Engine
import PluginKit
import Storage
import Synchronization
import Trading

/// Whether channels can be reached, asked no more often than once a minute.
final class ChannelStates: Sendable {
  struct State: Sendable {
    let name, type: String
    let isUp: Bool
    let detail: String
  }

  /// Milliseconds for which an answer holds.
  private static let age: Int64 = 60_000
  /// Milliseconds that a channel has to answer.
  private static let patience: Int64 = 5_000

  private let channels: [(name: String, type: String, channel: Result<any NotificationChannel, Failure>)]
  private let surroundings: Surroundings
  private let known = Mutex<(at: Instant, states: [State])?>(nil)

  init(_ configuration: Configuration, _ store: SQLiteStore, in surroundings: Surroundings) {
    let all = Channels(configuration, in: surroundings)
    channels = (configuration.channels ?? []).map { declared in
      (declared.name, declared.type.id, Result { () throws(Failure) in try all.channel(declared) })
    }
    self.surroundings = surroundings
  }

  func states() async -> [State] {
    let now = surroundings.clock.now()
    if let known = known.withLock({ $0 }), abs(now.milliseconds - known.at.milliseconds) < ChannelStates.age {
      return known.states
    }
    let sleep = surroundings.sleep
    let states = await withTaskGroup(of: (Int, State).self) { group in
      for (place, one) in channels.enumerated() {
        group.addTask { (place, await ChannelStates.state(one.name, one.type, one.channel, sleep)) }
      }
      var found: [(Int, State)] = []
      for await one in group { found.append(one) }
      return found.sorted { $0.0 < $1.0 }.map(\.1)
    }
    known.withLock { $0 = (now, states) }
    return states
  }

  private static func state(
    _ name: String, _ type: String, _ channel: Result<any NotificationChannel, Failure>,
    _ sleep: @escaping @Sendable (Int64) async throws -> Void
  ) async -> State {
    guard case .success(let channel) = channel else {
      if case .failure(let failure) = channel {
        return State(name: name, type: type, isUp: false, detail: failure.message)
      }
      return State(name: name, type: type, isUp: false, detail: "")
    }
    return await withTaskGroup(of: State?.self) { group in
      group.addTask {
        do throws(ChannelError) {
          return State(name: name, type: type, isUp: true, detail: try await channel.check())
        } catch {
          return State(name: name, type: type, isUp: false, detail: "\(error)")
        }
      }
      group.addTask {
        do { try await sleep(patience) } catch { return nil }
        return State(name: name, type: type, isUp: false, detail: "no answer within \(patience / 1_000) s")
      }
      var answer: State?
      while answer == nil, let next = await group.next() { answer = next }
      group.cancelAll()
      return answer ?? State(name: name, type: type, isUp: false, detail: "it was not asked")
    }
  }
}
