import Foundation
import Storage
import Testing
import Trading

/// A flood of messages from outside over real sockets, while the host keeps its schedule.
///
/// The suite sends some hundred as fast as they are taken. With MESSAGES so many are sent, a sixth of them in ten
/// seconds: `make inbound-flood` sends 10,000 in a minute.
@Suite struct InboundFloodTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let count = environment["MESSAGES"].flatMap { Int($0) }
  private static let seed = environment["SEED"].flatMap { UInt64($0) } ?? 10

  private static let configuration = """
    locale: en
    timezone: UTC
    strategies: strategies
    watchlists: { index: [X] }
    sources:
      files: { type: csv, path: "prices/*.csv" }
      desk:
        type: inbound
        secret: "${env:DESK_SECRET}"
        symbol: symbol
        direction: side
        price: price
        strategy: strategy
        id: id
        reason: why
        timeframe: 1d
    collect: [{ source: files, symbols: ["@index"], timeframe: 1m }]
    schedule: [{ job: evaluate, every: 1s }]
    channels: { book: { type: file, path: told.jsonl } }
    routes: [{ channels: [book] }]
    api: { listen: "127.0.0.1:0" }

    """

  @Test func `each genuine message is stored once, no forged one is, and every slot of the schedule is kept`()
    async throws
  {
    let count = Self.count ?? 300
    let seconds = Self.count == nil ? 0 : Double(count) * 0.006
    let begin = Int(Date().timeIntervalSince1970) / 60 - 60
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let service = ServiceFixture(folder: folder, begin: begin)
    try service.write(Self.configuration, to: "config.yaml")
    try service.write(ServiceFixture.eachBar, to: "strategies/each.yaml")
    try service.price(Array(repeating: 10, count: 50))

    let flood = InboundFlood(count: count, seed: Self.seed, now: Int(Date().timeIntervalSince1970))
    var counts = InboundFlood.Counts()
    var window = (from: Date(), to: Date())
    try service.run(environment: ["DESK_SECRET": InboundFlood.secret]) { program in
      let line = program.warned.split(separator: "\n").first { $0.contains("api: http://127.0.0.1:") }
      let port = try #require(line.flatMap { $0.split(separator: ":").last.flatMap { Int($0) } })
      window.from = Date()
      counts = flood.send(to: port, connections: 8, over: seconds)
      window.to = Date()
      // A slot of the last second may run on.
      sleep(2)
      #expect(!program.warned.contains("passed over"), "\(program.warned.suffix(1_000))")
      // What was acknowledged is on disk: the host gets no chance to tidy up.
      #expect(program.kill9())
    }

    let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "var/finstage.db").path()), for: .reading)
    let stored = try await store.signals(SignalQuery(limit: 1_000_000)).filter { $0.record.source == "desk" }
    let ids = stored.map(\.record.signal.reason)
    let genuine = Set(flood.new.map(\.id))
    #expect(counts.faults.isEmpty, "\(counts.faults.prefix(5))")
    #expect(counts.saved.values.allSatisfy { $0 == 1 } && Set(counts.saved.keys) == genuine)
    #expect(ids.count == genuine.count && Set(ids) == genuine)
    #expect(!ids.contains { $0.hasPrefix("forged") })
    #expect(counts.refused == count / 10 && counts.saved.count + counts.repeated == count - count / 10)
    #expect(stored.allSatisfy { $0.record.strategy.hasPrefix("desk:s") })

    let runs = try await store.runs(.done, limit: 1_000_000).map(\.run).filter { $0.job == "evaluate" }
    let (first, last) = (Int64(window.from.timeIntervalSince1970) + 1, Int64(window.to.timeIntervalSince1970) - 1)
    let done = Set(runs.map { $0.dueAt.milliseconds / 1_000 })
    let slots = first <= last ? Array(first...last) : []
    let missed = slots.filter { !done.contains($0) }
    #expect(missed.isEmpty && done.count == runs.count, "missed: \(missed)")
    let delays = runs.compactMap { run in run.startedAt.map { $0.milliseconds - run.dueAt.milliseconds } }.sorted()
    try store.close()
    guard Self.count != nil else { return }
    let length = window.to.timeIntervalSince(window.from)
    print(
      """
      inbound-flood: \(count) messages in \((length * 10).rounded() / 10) s over 8 connections, seed \(Self.seed)
        new \(genuine.count), stored \(ids.count), stored twice \(ids.count - Set(ids).count)
        repeats answered with their signal \(counts.repeated)
        forged \(count / 10), accepted \(ids.count { $0.hasPrefix("forged") })
        told to come again, and sent again \(counts.postponed)
        slots of a job each second \(slots.count), missed \(missed.count); begun behind their time: \
      median \(delays.isEmpty ? 0 : delays[delays.count / 2]) ms, most \(delays.last ?? 0) ms
      """)
  }
}
