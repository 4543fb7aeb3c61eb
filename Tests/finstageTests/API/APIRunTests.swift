import Foundation
import TestSupport
import Testing

/// `finstage run` with `api:`, asked over HTTP as programs ask it.
@Suite struct APIRunTests {
  private static let configuration = """
    channels: { book: { type: file, path: told.jsonl } }
    routes: [{ channels: [book] }]
    notify: { max_age: 365d, hourly_cap: 1000 }
    api: { listen: "127.0.0.1:0", anonymous: admin, rate: 10000, burst: 100000 }

    """

  /// Each bar is told, a minute behind the one before.
  private static let strategy = ServiceFixture.eachBar.replacingOccurrences(
    of: "priority: high", with: "priority: high, cooldown: 1m")

  private func atHost(
    _ configuration: String = configuration, _ body: (ServiceFixture, RunningProgram, Int) throws -> Void
  ) throws {
    try ServiceFixture.inFolder(
      configuration, strategies: ["each": Self.strategy], closes: Array(repeating: 10, count: 50)
    ) { service in
      try service.runAndStop { program in
        let line = program.warned.split(separator: "\n").first { $0.contains("api: http://127.0.0.1:") }
        let port = try #require(line.flatMap { $0.split(separator: ":").last.flatMap { Int($0) } })
        try body(service, program, port)
      }
    }
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text.prefix(300))")
  }

  private func post(_ port: Int, _ path: String, _ body: String? = nil, type: String = "application/json") throws
    -> (status: Int, head: String, body: String)
  {
    try #require(
      RawClient.ask(port, "POST", path, headers: body == nil ? [] : ["Content-Type: \(type)"], body: body ?? ""))
  }

  private func get(_ port: Int, _ path: String, _ headers: [String] = []) throws -> (
    status: Int, head: String, body: String
  ) { try #require(RawClient.ask(port, "GET", path, headers: headers)) }

  @Test func `health says what was found, and probes need no token`() throws {
    try atHost { _, _, port in
      #expect(try get(port, "/health/live").status == 200 && get(port, "/health/ready").status == 200)
      let health = try json(get(port, "/health").body)
      #expect(health["status"] as? String == "healthy", "\(health)")
      let services = try #require(health["services"] as? [String: [String: Any]])
      #expect(services["database"]?["status"] as? String == "up")
      #expect(services["scheduler"]?["status"] as? String == "up")
      #expect(services["telegram_bot"]?["status"] as? String == "off")
      #expect(services["channels"]?.keys.sorted() == ["book"])
      let jobs = (health["performance"] as? [String: Any])?["jobs"] as? [String: [String: Any]]
      #expect((jobs?["evaluate"]?["runs"] as? Int ?? 0) > 0 && jobs?["evaluate"]?["failures"] as? Int == 0)
      #expect(jobs?["evaluate"]?["max_seconds"] is Double)
    }
  }

  @Test func `answers are the bytes that the commands print`() throws {
    try atHost { service, program, port in
      try service.price(Array(repeating: 10, count: 55))
      service.within(program) { try get(port, "/api/v1/outbox").body.contains("\"sent\": 5") }
      func same(_ path: String, _ arguments: String...) throws {
        let answer = try get(port, path)
        let printed = try CommandTests.run(arguments, in: service.folder).output
        #expect(
          answer.status == 200 && answer.body == printed && !printed.isEmpty, "\(path): \(answer.body.prefix(200))")
      }
      try same("/api/v1/outbox", "outbox", "list", "--format", "json")
      try same("/api/v1/outcomes?horizon=1b", "performance", "--horizon", "1b", "--format", "json")
      try same("/api/v1/candles", "candles", "--format", "json")
      try same("/api/v1/news", "news", "list", "--format", "json")
      try same("/api/v1/data-check", "data", "check", "--format", "json")
      try same("/api/v1/reload", "plan", "--format", "json")
      try same("/api/v1/signals/1", "explain", "1", "--format", "json")
      let strategy = try String(contentsOf: service.folder.appending(path: "strategies/each.yaml"), encoding: .utf8)
      let broken = strategy.replacingOccurrences(of: "close > 1", with: "clos > 1")
      let told = try post(port, "/api/v1/validate?file=each.yaml", broken, type: "application/yaml")
      try service.write(broken, to: "each.yaml")
      let printed = try CommandTests.run(["validate", "each.yaml", "--format", "json"], in: service.folder).output
      #expect(told.body == printed && printed.contains("\"errors\" : 1"), "\(told.body)")
    }
  }

  @Test func `a strategy that is sent cannot read this machine`() throws {
    try atHost { service, _, port in
      try service.write("canary", to: "secret.txt")
      let path = service.folder.appending(path: "secret.txt").path()
      for reference in ["${file:\(path)}", "${env:PATH}"] {
        let text = ServiceFixture.eachBar.replacingOccurrences(of: "Each bar", with: "\"\(reference)\"")
          .replacingOccurrences(of: "timeframe: 1m", with: "timeframe: \"\(reference)\"")
        let answer = try post(port, "/api/v1/validate?file=each.yaml", text, type: "application/yaml")
        #expect(answer.status == 200 && !answer.body.contains("canary") && !answer.body.contains("/usr/bin:"))
      }
      for name in ["..%2fsecret.txt", "strategies%2feach.yaml", "%2e%2e"] {
        let status = try get(port, "/api/v1/strategies/\(name)").status
        #expect(status == 400 || status == 404, "\(name)")
      }
      #expect(try get(port, "/api/v1/strategies/each").status == 200)
    }
  }

  @Test func `signals are paged, and one that arrives is heard by who listens`() throws {
    try atHost { service, program, port in
      let listener = try #require(RawClient(port: port))
      listener.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
      let beginning = listener.read { $0.contains("retry:") }.text
      #expect(beginning.contains("text/event-stream"))
      try service.price(Array(repeating: 10, count: 53))
      let heard = listener.read(seconds: 30) { $0.components(separatedBy: "event: signal").count > 3 }.text
      #expect(heard.contains("\"strategy\": \"each\""), "\(heard.suffix(400))")
      service.within(program) { service.told().count == 3 }
      var ids: [Int] = []
      var path = "/api/v1/signals?limit=2"
      while true {
        let page = try json(get(port, path).body)
        ids += (page["signals"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? Int }
        guard let next = page["next"] as? String else { break }
        path = "/api/v1/signals?limit=2&cursor=\(next)"
      }
      #expect(ids == [3, 2, 1])
      #expect(try get(port, "/api/v1/signals?cursor=x").status == 400 && get(port, "/api/v1/signals/99").status == 404)
      // Who comes back with the number that it had last misses nothing.
      let last = try #require(heard.components(separatedBy: "id: ").dropFirst().first?.prefix { $0 != "\n" })
      let again = try #require(RawClient(port: port))
      again.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: \(last)\r\n\r\n")
      // The first one that was heard may be a signal itself.
      let missed = again.read(seconds: 20) { $0.components(separatedBy: "event: signal").count > 2 }.text
      #expect(missed.components(separatedBy: "event: signal").count > 2, "\(last): \(missed.suffix(600))")
      #expect(!missed.contains("event: reset"))
    }
  }

  @Test func `jobs run when asked for, rest, and go on; messages are taken out and put back`() throws {
    try atHost { service, program, port in
      #expect(try post(port, "/api/v1/schedule/evaluate/pause").status == 200)
      #expect(try post(port, "/api/v1/schedule/evaluate/pause").status == 409)
      #expect(try post(port, "/api/v1/schedule/evaluate/run").status == 409)
      #expect(try post(port, "/api/v1/schedule/nothing/run").status == 404)
      #expect(try get(port, "/api/v1/schedule").body.contains("\"paused_at\": \"20"))
      try service.price(Array(repeating: 10, count: 52))
      // Longer than two of its slots.
      Thread.sleep(forTimeInterval: 2.5)
      #expect(service.told().isEmpty)
      #expect(try post(port, "/api/v1/schedule/evaluate/resume").status == 200)
      #expect(try post(port, "/api/v1/schedule/evaluate/run").status == 202)
      service.within(program) { service.told().count == 2 }
      service.within(program) { try get(port, "/api/v1/outbox").body.contains("\"sent\": 2") }
      #expect(try post(port, "/api/v1/outbox/1/retry").status == 409)
      #expect(try post(port, "/api/v1/outbox/999/drop").status == 404)
    }
  }

  @Test func `a backtest is a job, and its result is what the command prints`() throws {
    try atHost { service, program, port in
      let asked = try post(port, "/api/v1/backtests", "{\"strategies\": [\"each\"], \"fee\": \"0.2%\"}")
      #expect(asked.status == 202 && asked.head.contains("Location: /api/v1/backtests/1"), "\(asked.body)")
      service.within(program) { try get(port, "/api/v1/backtests/1").body.contains("\"state\": \"done\"") }
      let result = try get(port, "/api/v1/backtests/1/result").body
      let printed = try CommandTests.run(
        ["backtest", "each", "--fee", "0.2%", "--format", "json"], in: service.folder
      ).output
      #expect(result == printed && result.contains("\"trades\""), "\(result.prefix(200))")
      let faults: [(String, Int)] = [
        ("{\"strategies\": [\"nothing\"]}", 422), ("{}", 422), ("[]", 400),
        ("{\"strategies\": [\"each\"], \"fee\": \"200%\"}", 422), ("{\"strategies\": [\"../config\"]}", 422),
        ("{\"strategies\": [\"each\"], \"more\": 1}", 422),
      ]
      for (body, status) in faults { #expect(try post(port, "/api/v1/backtests", body).status == status, "\(body)") }
      #expect(try get(port, "/api/v1/backtests/2").status == 404)
      #expect(try #require(RawClient.ask(port, "DELETE", "/api/v1/backtests/1")).status == 409)
    }
  }

  @Test func `expressions are evaluated, and the whole way of a symbol is gone without leaving anything`() throws {
    try atHost { service, _, port in
      let body = "{\"expressions\": [\"sma(close, 2)\", \"close > 1\"], \"symbol\": \"X\", \"timeframe\": \"1m\"}"
      let rows = try json(post(port, "/api/v1/eval", body).body)["rows"] as? [[String: Any]]
      // A flat price: its average is the price, from the second bar on.
      #expect(rows?.count == 50 && rows?.last?["values"] as? [Double] == [10, 1], "\(String(describing: rows?.last))")
      #expect(rows?.first?["values"] as? [Double] == nil)
      let wrong = try post(port, "/api/v1/eval", body.replacingOccurrences(of: "sma", with: "smma"))
      #expect(wrong.status == 422 && wrong.body.contains("body/expressions"), "\(wrong.body)")
      let flow = try json(post(port, "/analysis-flow", "{\"symbol\": \"X\"}").body)
      let result = try #require(flow["result"] as? [String: Any], "\(flow)")
      #expect(flow["success"] as? Bool == true && flow["execution_time"] is Double)
      #expect(result["candles_count"] as? Int == 50 && result["signals_count"] as? Int == 1)
      #expect(result["notification_prepared"] as? Bool == true)
      #expect(service.told().isEmpty)
      #expect(try json(get(port, "/api/v1/signals").body)["signals"] as? [String] == [])
      let lost = try json(post(port, "/analysis-flow", "{\"symbol\": \"NOTHING\"}").body)
      #expect(lost["success"] as? Bool == false && lost["error"] is String)
    }
  }

  @Test func `a token lets in as far as its role, until it is revoked, and what it does is written down`() throws {
    let closed = Self.configuration.replacingOccurrences(of: "anonymous: admin", with: "anonymous: none")
    try atHost(closed) { service, _, port in
      func token(_ name: String, _ role: String) throws -> String {
        let made = try CommandTests.finstage("token", "create", name, "--role", role, in: service.folder)
        #expect(made.code == 0, "\(made.messages)")
        return "Authorization: Bearer \(made.output.trimmingCharacters(in: .whitespacesAndNewlines))"
      }
      let (reader, operator_) = (try token("eyes", "read"), try token("hands", "operate"))
      let pause = "/api/v1/schedule/evaluate/pause"
      #expect(try get(port, "/health").status == 401 && get(port, "/health/live").status == 200)
      #expect(try get(port, "/health", [reader]).status == 200)
      #expect(RawClient.ask(port, "POST", pause, headers: [reader], body: "")?.status == 403)
      #expect(RawClient.ask(port, "POST", pause, headers: [operator_], body: "")?.status == 200)
      #expect(RawClient.ask(port, "POST", "/api/v1/reload", headers: [operator_], body: "")?.status == 403)
      #expect(try CommandTests.finstage("token", "revoke", "eyes", in: service.folder).code == 0)
      #expect(try get(port, "/health", [reader]).status == 401)
      let again = try CommandTests.finstage("token", "create", "eyes", in: service.folder)
      #expect(again.code == 1 && again.messages.contains("already"))
      let listed = try CommandTests.finstage("token", "list", "--format", "json", in: service.folder).output
      #expect(listed.contains("\"revoked\"") && listed.contains("\"good\"") && !listed.contains("finstage_"))
      let kept = try Data(contentsOf: service.folder.appending(path: "var/finstage.db"))
      let log = (try? Data(contentsOf: service.folder.appending(path: "var/finstage.db-wal"))) ?? Data()
      let secret = Data(String(operator_.dropFirst("Authorization: Bearer ".count)).utf8)
      #expect(kept.range(of: secret) == nil && log.range(of: secret) == nil)
    }
  }

  @Test func `a reload is taken up, and another address too, while requests are answered`() throws {
    try atHost { service, program, port in
      let louder = ServiceFixture.eachBar.replacingOccurrences(of: "confidence: 80", with: "confidence: 81")
      try service.write(louder, to: "strategies/each.yaml")
      #expect(try post(port, "/api/v1/reload").status == 202)
      service.within(program) { program.warned.contains("each: changed") }
      try service.configure(Self.configuration.replacingOccurrences(of: "anonymous: admin", with: "anonymous: none"))
      service.within(program) { program.warned.components(separatedBy: "api: http://").count == 3 }
      let line = program.warned.split(separator: "\n").last { $0.contains("api: http://127.0.0.1:") }
      let other = try #require(line.flatMap { $0.split(separator: ":").last.flatMap { Int($0) } })
      #expect(try get(other, "/health").status == 401)
      if other != port { #expect(RawClient(port: port) == nil) }
    }
  }

  @Test func `metrics name every one that is explained, and only those`() throws {
    try atHost { _, _, port in
      let text = try get(port, "/metrics").body
      let names = Set(
        text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] })
      for name in ["finstage_job_runs_total", "finstage_evaluation_duration_seconds", "finstage_store_size_bytes"] {
        #expect(names.contains(Substring(name)), "\(name)")
      }
      for line in text.split(separator: "\n") where !line.hasPrefix("#") {
        let name = line.prefix { $0 != "{" && $0 != " " }
        let plain = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }.map { name.dropLast($0.count) } ?? name
        #expect(names.contains(plain), "\(line)")
      }
      for line in text.split(separator: "\n") where line.hasPrefix("# HELP ") {
        let words = line.split(separator: " ", maxSplits: 3)
        #expect(words.count == 4 && words[2].hasSuffix(words[3]) == false, "\(line)")
      }
    }
  }

  @Test func `a port that is taken ends the start with a sentence`() throws {
    try atHost { service, _, port in
      try CommandTests.inFolder([
        "config.yaml": ServiceFixture.sources + "api: { listen: \"127.0.0.1:\(port)\" }\n",
        "strategies/each.yaml": ServiceFixture.eachBar,
        "prices/X.csv": "timestamp,open,high,low,close,volume\n1,1,1,1,1,1\n",
      ]) { folder in
        let answer = try CommandTests.finstage("run", in: folder)
        #expect(
          answer.code == 3 && answer.messages.contains("cannot listen at 127.0.0.1:\(port)"), "\(answer.messages)")
      }
    }
  }
}
