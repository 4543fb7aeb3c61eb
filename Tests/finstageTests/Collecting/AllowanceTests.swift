import Foundation
import Storage
import TestSupport
import Testing
import Trading

/// A day's allowance of a source over several processes, as the database keeps it.
@Suite struct AllowanceTests {
  private static let good = """
    {"Time Series (Daily)": {
      "2024-01-02": {"1. open": "160", "2. high": "161", "3. low": "159", "4. close": "160.5", "5. volume": "3"}}}
    """

  private func configuration(_ server: FaultServer, _ rate: String) -> String {
    """
    storage: { sqlite: data/f.db }
    sources:
      av: { type: alpha_vantage, base_url: "\(server.url)", key: "${env:PATH}", rate: \(rate), allow_private: true }
      free: { type: alpha_vantage, base_url: "\(server.url)", key: "${env:PATH}", rate: 9/d, allow_private: true }
    collect:
      - { source: av, symbols: [A, B, C, D], timeframe: 1d }
      - { source: free, symbols: [E], timeframe: 1d }

    """
  }

  @Test func `what was asked before a restart counts, and what was asked of another source does not`() throws {
    let server = try FaultServer { _, _ in .json(AllowanceTests.good) }
    defer { server.stop() }
    try CommandTests.inFolder(["config.yaml": configuration(server, "[100/s, 3/d]")]) { folder in
      #expect(try CommandTests.finstage("fetch", "A", in: folder).code == 0)
      #expect(try CommandTests.finstage("fetch", "B", in: folder).code == 0)
      #expect(server.requests.count == 2)
      let third = try CommandTests.finstage("fetch", "C", "D", "E", "--jobs", "1", in: folder)
      #expect(third.code == 4 && third.messages.contains("av, D 1d: "), "\(third.messages)")
      #expect(third.messages.contains("its allowance is used up: the next request may go in 86"))
      #expect(server.requests.map { $0.query["symbol"] } == ["A", "B", "C", "E"])
      let fourth = try CommandTests.finstage("fetch", "D", in: folder)
      #expect(fourth.code == 3 && server.requests.count == 4)
    }
  }

  @Test func `a request that was on its way when the program was killed counts`() throws {
    let server = try FaultServer { _, _ in .silence }
    defer { server.stop() }
    try CommandTests.inFolder(["config.yaml": configuration(server, "2/d")]) { folder in
      for count in 1...2 {
        let program = try RunningProgram(["fetch", "A"], in: folder)
        program.wait { server.requests.count == count }
        #expect(program.kill9())
      }
      let third = try CommandTests.finstage("fetch", "A", in: folder)
      #expect(third.code == 3 && third.messages.contains("its allowance is used up"), "\(third.messages)")
      #expect(server.requests.count == 2)
    }
  }

  @Test func `a day later the allowance is there again`() async throws {
    let server = try FaultServer { _, _ in .json(AllowanceTests.good) }
    defer { server.stop() }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try configuration(server, "2/d").write(
      to: folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
    let now = Instant(seconds: Int64(Date().timeIntervalSince1970))
    let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "data/f.db").path()), for: .writing)
    for age in [Int64(86_460_000), 86_000_000] {
      let moment = now.advanced(by: -age)
      try await store.noteRequest(to: "av", at: moment, forgetting: moment.advanced(by: -86_400_000))
    }
    try store.close()
    // One of yesterday's is older than a day by now; the other is not.
    #expect(try CommandTests.finstage("fetch", "A", in: folder).code == 0)
    #expect(try CommandTests.finstage("fetch", "B", in: folder).code == 3)
    #expect(server.requests.count == 1)
  }
}
