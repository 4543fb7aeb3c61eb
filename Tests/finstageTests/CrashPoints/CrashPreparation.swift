import Foundation
import Storage
import TestSupport
import Trading

/// A host that has run before: its first start, which tells nobody, and one that told of two bars. Each trial begins with
/// a copy of it.
struct CrashPreparation: Sendable {
  let scenario: CrashScenario
  private let root: URL
  private let folder: URL
  /// What was told before a trial.
  private let told: Set<Int64>

  enum Fault: Error {
    case failed(String)
  }

  init(in root: URL) async throws {
    self.root = root
    scenario = CrashScenario(now: Date())
    folder = root.appending(path: "prepared")
    try await scenario.store(folder)
    for bars in [CrashScenario.stored, CrashScenario.told] {
      let servers = try CrashServers(scenario, bars: bars, isCorrected: false)
      defer { servers.stop() }
      try scenario.write(to: folder, servers)
      let host = CrashHost(folder: folder, servers: servers)
      let (last, count) = (
        scenario.opening(bars - 1),
        bars == CrashScenario.stored ? 0 : 2 * CrashPreparation.told + CrashScenario.ordersBefore
      )
      let run = try await host.run { (store: SQLiteStore) -> Bool in
        let marks: [LiveMark] = try await store.marks()
        let entries = try await store.entries(in: [], limit: 10_000)
        return marks.count == CrashScenario.symbols.count && marks.allSatisfy { $0.last == last }
          && entries.count == count && entries.allSatisfy { $0.state == .sent }
      }
      guard run.ending == .stopped else { throw Fault.failed("\(run.ending)") }
      guard bars == CrashScenario.stored || host.servers.telegram.messages.count > 1 else {
        throw Fault.failed("nothing was told of the bars before the trials")
      }
    }
    let servers = try CrashServers(scenario, bars: 0, isCorrected: false)
    defer { servers.stop() }
    told = Set(try await CrashHost(folder: folder, servers: servers).outbox().map(\.id))
  }

  /// By hand, a channel: of bars 60 and 61, A leaves and enters `swing`, B enters and leaves it, and `calm` fires four
  /// times.
  private static let told = 4 + 4

  /// A host of its own, at whose source there are two more bars and a corrected one.
  func host(_ cuts: CrashCuts = CrashCuts()) throws -> CrashHost {
    let servers = try CrashServers(scenario, bars: CrashScenario.all, isCorrected: true, cuts)
    let place = root.appending(path: UUID().uuidString)
    try FileManager.default.copyItem(at: folder, to: place)
    try scenario.write(to: place, servers)
    return CrashHost(folder: place, servers: servers)
  }

  /// Of the outbox, what came with the trial; not what people are told of an intent in doubt.
  func new(_ entries: [OutboxEntry]) -> [OutboxEntry] {
    entries.filter { !told.contains($0.id) && $0.notice.fields["kind"] != "host" }
  }

  func isDone(_ store: SQLiteStore) async throws -> Bool {
    let new = new(try await store.entries(in: [], limit: 10_000))
    return new.count == 2 * CrashScenario.keys + CrashScenario.orders && new.allSatisfy { $0.state.isFinal }
  }

  /// A trial without a kill: what has to be told, what is left, and the steps to be killed at.
  func unbroken() async throws -> (expected: CrashTrial.Expected, trace: [String]) {
    let host = try host()
    defer { host.servers.stop() }
    let run = try await host.run { try await isDone($0) }
    guard run.ending == .stopped else { throw Fault.failed("without a kill: \(run.ending)") }
    let entries = new(try await host.outbox())
    let keys = Set(entries.map { CrashKey(channel: $0.notice.channel, code: $0.notice.code) })
    let arrived = host.servers.arrived(Set(keys.map(\.code)))
    guard keys.count == entries.count, keys.allSatisfy({ arrived[$0] == 1 }) else {
      throw Fault.failed("without a kill came \(arrived)")
    }
    return (CrashTrial.Expected(keys: keys, records: try await host.records()), run.trace)
  }
}
