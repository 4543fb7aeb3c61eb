import Foundation
@testable import Storage
import Testing
import Trading

/// The folder of a host that is started, killed, and started again.
struct CrashHost: Sendable {
  let folder: URL
  let servers: CrashServers

  private var database: String { folder.appending(path: "data/f.db").path() }

  enum Ending: Equatable {
    case killed
    /// Everything had been told, and it was stopped.
    case stopped
    case failed(String)
  }

  struct Run {
    var ending: Ending
    /// The steps that it took.
    var trace: [String]
  }

  /// Starts the service, and stops it once everything is told, unless it ends before.
  ///
  /// - Parameter isDone: asked again and again with the database, once the host runs.
  func run(_ point: CrashPoint? = nil, isDone: (SQLiteStore) async throws -> Bool) async throws -> Run {
    let trace = folder.appending(path: "trace-\(UUID().uuidString)")
    var environment = [
      "CRASH_FOLDER": folder.appending(path: "data").path(), "CRASH_PORTS": servers.ports,
      "CRASH_TRACE": trace.path(),
    ]
    environment["LD_PRELOAD"] = CrashPoint.library
    environment.merge(point?.environment ?? [:]) { $1 }
    let program = try RunningProgram(["run"], in: folder, environment: environment)
    defer { if program.isRunning { _ = program.kill9() } }
    var store: SQLiteStore?
    let end = Date().addingTimeInterval(150)
    var isStopped = false
    while program.isRunning, Date() < end {
      try await Task.sleep(for: .milliseconds(10))
      if isStopped { continue }
      if store == nil, program.warned.contains("running;") {
        store = try? SQLiteStore(SQLiteSettings(path: database), for: .reading)
      }
      if let open = store, (try? await isDone(open)) == true {
        try open.close()
        kill(program.pid, SIGTERM)
        isStopped = true
      }
    }
    if !isStopped { try? store?.close() }
    let isLate = program.isRunning
    if isLate { _ = program.kill9() }
    let answer = try program.end()
    let ending: Ending =
      switch (program.process.terminationReason, answer.code) {
      case _ where isLate: .failed("not everything was told in time: \(answer.messages.suffix(1_500))")
      case (.uncaughtSignal, SIGKILL): .killed
      case (.exit, 0) where isStopped: .stopped
      default: .failed("ended with \(answer.code): \(answer.messages.suffix(1_500))")
      }
    let steps = (try? String(contentsOf: trace, encoding: .utf8)) ?? ""
    try? FileManager.default.removeItem(at: trace)
    return Run(ending: ending, trace: steps.split(separator: "\n").map(String.init))
  }

  /// What the database holds, looked at in a copy, so that the next start finds the files as the last one left them.
  func outbox() async throws -> [OutboxEntry] {
    let copy = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.copyItem(at: folder.appending(path: "data"), to: copy)
    defer { try? FileManager.default.removeItem(at: copy) }
    // The index of the log is of the process that has gone.
    try? FileManager.default.removeItem(at: copy.appending(path: "f.db-shm"))
    let store = try SQLiteStore(SQLiteSettings(path: copy.appending(path: "f.db").path()), for: .writing)
    let entries = try await store.entries(in: [], limit: 10_000)
    try store.close()
    return entries
  }

  /// What a trial leaves behind, besides the outbox: it has to be the same however often the host was killed.
  struct Records: Equatable {
    var faults: [String] = []
    var bars: [[Candle]] = []
    var signals: [SignalRecord] = []
    var retracted: [SignalRecord] = []
    var marks: [LiveMark] = []
  }

  func records() async throws -> Records {
    var records = Records()
    records.faults = try await Diagnosis.faults(of: database).map { "\($0)" }
    let store = try SQLiteStore(SQLiteSettings(path: database), for: .writing)
    for symbol in CrashScenario.symbols {
      let key = CandleKey(source: "venue", symbol: symbol, timeframe: Timeframe(1, .minute))
      let series = try await store.history(key).series
      records.bars.append((0..<series.count).map { series[$0] })
    }
    let signals = try await store.signals(strategy: nil, symbol: nil, limit: 10_000)
    // Their order of saving may differ.
    func sorted(_ list: [StoredSignal]) -> [SignalRecord] { list.map(\.record).sorted { "\($0)" < "\($1)" } }
    records.signals = sorted(signals.filter { $0.retractedAt == nil })
    records.retracted = sorted(signals.filter { $0.retractedAt != nil })
    records.marks = try await store.marks().sorted { $0.market < $1.market }
    try store.close()
    return records
  }
}
