import Foundation
import SeriesMath
import Synchronization
import TestSupport

/// A webhook on loopback that takes messages, and fails by chance and as it is told.
final class SimulatedReceiver: Sendable {
  private struct State {
    var isDown = false
    var isWell = false
    /// Times a message was asked to be taken, by its id.
    var asked: [String: Int] = [:]
    /// Times a notice was taken, by its id.
    var taken: [String: Int] = [:]
    /// Times it was taken, and the sender could not know.
    var doubtful: [String: Int] = [:]
  }

  private final class Box: Sendable {
    let state = Mutex(State())
  }

  private let server: FaultServer
  private let box: Box

  init(seed: UInt64) throws {
    let box = Box()
    self.box = box
    server = try FaultServer(remembers: 0) { request, _ in
      let id = request.headers["idempotency-key"] ?? ""
      return box.state.withLock { state in
        if state.isDown { return .status(503) }
        let count = state.asked[id, default: 0]
        state.asked[id] = count + 1
        var random = SplitMix64(seed: seed ^ id.utf8.reduce(UInt64(count)) { $0 &* 31 &+ UInt64($1) })
        let chance = state.isWell ? 1 : random.unit()
        switch chance {
        case ..<0.04: return .reset()
        case ..<0.08: return .status(500)
        case ..<0.12: return .tooMany(retryAfter: "3")
        case ..<0.15: return .status(503)
        default: break
        }
        let isKnown = chance >= 0.20
        for code in SimulatedReceiver.codes(in: String(decoding: request.body, as: UTF8.self)) {
          state.taken[code, default: 0] += 1
          if !isKnown { state.doubtful[code, default: 0] += 1 }
        }
        switch chance {
        case ..<0.18: return .status(502)
        case ..<0.197: return .reset(after: "{")
        case ..<0.20: return .silence
        case ..<0.22: return FaultAnswer([.pause(40)] + FaultAnswer.json("{}").steps)
        default: return .json("{}")
        }
      }
    }
  }

  func stop() { server.stop() }

  var url: String { server.url }

  /// Whether it takes nothing, and says so.
  func set(down: Bool) { box.state.withLock { $0.isDown = down } }

  /// From now on it takes everything.
  func mend() { box.state.withLock { ($0.isDown, $0.isWell) = (false, true) } }

  func taken(_ code: String) -> Int { box.state.withLock { $0.taken[code] ?? 0 } }
  func doubtful(_ code: String) -> Int { box.state.withLock { $0.doubtful[code] ?? 0 } }

  /// Six signs of capitals and digits, as ids are, those of a digest's lines among them.
  private static func codes(in text: String) -> Set<String> {
    Set(
      text.split { !($0.isASCII && ($0.isUppercase || $0.isNumber)) }.filter { $0.count == 6 }.map(String.init))
  }
}
