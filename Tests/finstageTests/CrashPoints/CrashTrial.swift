import Foundation
import Storage
import TestSupport
import Trading

/// One host that is killed at each of its points, one start after the other, and then left alone.
struct CrashTrial: Sendable, CustomStringConvertible {
  var points: [CrashPoint]
  var cuts = CrashCuts()

  var description: String {
    points.map(\.description).joined(separator: ", then ") + (cuts == CrashCuts() ? "" : "; \(cuts)")
  }

  /// What came of it.
  struct Outcome: Sendable {
    var kills = 0
    /// Points that were not come to.
    var missed = 0
    var delivered = 0
    /// Messages that came more than once at the channel that is told at least once.
    var repeats = 0
    /// Messages of the other one of which nobody knows, and how many of these had not arrived.
    var unknown = 0
    var lost = 0
    /// Repeats by the step at which the host was killed.
    var repeatsAt: [String: Int] = [:]
    /// Messages that came once more though no kill had met them: their answer had not come in time.
    var unanswered: [String] = []
    /// What contradicts the promise.
    var faults: [String] = []
  }

  /// What everybody tells who was not killed.
  struct Expected: Sendable {
    var keys: Set<CrashKey>
    var records: CrashHost.Records

    var codes: Set<String> { Set(keys.map(\.code)) }
  }

  func run(_ prepared: CrashPreparation, _ expected: CrashTrial.Expected) async throws -> Outcome {
    var outcome = Outcome()
    let host = try prepared.host(cuts)
    defer {
      host.servers.stop()
      try? FileManager.default.removeItem(at: host.folder)
    }
    /// Under way at a kill: the window of the promise.
    var open: [CrashKey: Int] = [:]
    for point in points.map(Optional.some) + [nil] {
      let run = try await host.run(point) { try await prepared.isDone($0) }
      switch run.ending {
      case .failed(let reason): outcome.faults.append(reason)
      case .stopped where point != nil: outcome.missed += 1
      case .stopped: break
      case .killed where point == nil: outcome.faults.append("killed by somebody else")
      case .killed:
        outcome.kills += 1
        for entry in try await host.outbox() where entry.state == .sending {
          open[CrashKey(channel: entry.notice.channel, code: entry.notice.code), default: 0] += 1
        }
      }
      guard outcome.faults.isEmpty else { return outcome }
    }
    try await check(host, prepared, expected, open, &outcome)
    return outcome
  }

  private func check(
    _ host: CrashHost, _ prepared: CrashPreparation, _ expected: Expected, _ open: [CrashKey: Int],
    _ outcome: inout Outcome
  ) async throws {
    let records = try await host.records()
    if records != expected.records { outcome.faults.append("the database holds something else: \(records)") }
    let entries = prepared.new(try await host.outbox())
    let arrived = host.servers.arrived(expected.codes)
    for stranger in host.servers.strangers(expected.codes) { outcome.faults.append("without a known id: \(stranger)") }
    for id in host.servers.repeatedOrders { outcome.faults.append("the order intent \(id) came more than once") }
    let keys = Set(entries.map { CrashKey(channel: $0.notice.channel, code: $0.notice.code) })
    if keys != expected.keys || entries.count != keys.count {
      outcome.faults.append(
        "the outbox lacks \(expected.keys.subtracting(keys)), and has \(keys.subtracting(expected.keys)) besides")
    }
    for entry in entries {
      let key = CrashKey(channel: entry.notice.channel, code: entry.notice.code)
      let (times, opened) = (arrived[key] ?? 0, open[key] ?? 0)
      let state = "\(key) is \(entry.state.rawValue), came \(times) times, was under way at \(opened) kills"
      switch entry.notice.policy {
      case .atLeastOnce:
        if times == 0 || entry.state != .sent { outcome.faults.append("lost: \(state)") }
        // What a kill, a cut or an answer that did not come in time left in doubt is counted with the row.
        let text = "\(state), in doubt \(entry.doubts) times, at last: \(entry.failure ?? "nothing")"
        if times > 1 + entry.doubts || entry.doubts < opened { outcome.faults.append("outside of the window: \(text)") }
        if cuts == CrashCuts(), times > 1 + opened { outcome.unanswered.append(text) }
        outcome.repeats += max(0, times - 1)
      case .atMostOnce:
        if times > 1 { outcome.faults.append("repeated: \(state)") }
        let isAllowed = entry.state == .sent ? times == 1 : entry.state == .unknown && (opened == 1 || cuts.hook != nil)
        if !isAllowed { outcome.faults.append("neither sent nor in doubt: \(state)") }
        outcome.unknown += entry.state == .unknown ? 1 : 0
        outcome.lost += times == 0 ? 1 : 0
      }
      outcome.delivered += min(1, times)
    }
    if outcome.repeats > 0, let first = points.first { outcome.repeatsAt[first.place] = outcome.repeats }
  }
}
