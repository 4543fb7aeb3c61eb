import Foundation
import TestSupport
import Testing

/// The dashboard of a running service, asked as browsers ask it.
@Suite struct DashboardRunTests {
  private static let configuration = """
    channels: { book: { type: file, path: told.jsonl } }
    routes: [{ channels: [book] }]
    notify: { max_age: 365d, hourly_cap: 1000 }
    api: { listen: "127.0.0.1:0", rate: 10000, burst: 100000 }

    """

  /// Each bar is told, a minute behind the one before.
  private static let strategy = ServiceFixture.eachBar.replacingOccurrences(
    of: "priority: high", with: "priority: high, cooldown: 1m")

  private static let form = "Content-Type: application/x-www-form-urlencoded"

  private typealias Answer = (status: Int, head: String, body: String)

  private func atHost(
    _ configuration: String = configuration, strategy: String = strategy,
    _ body: (ServiceFixture, RunningProgram, Int) throws -> Void
  ) throws {
    try ServiceFixture.inFolder(
      configuration, strategies: ["each": strategy], closes: Array(repeating: 10, count: 50)
    ) { service in
      try service.runAndStop { program in
        let line = program.warned.split(separator: "\n").first { $0.contains("api: http://127.0.0.1:") }
        let port = try #require(line.flatMap { $0.split(separator: ":").last.flatMap { Int($0) } })
        try body(service, program, port)
      }
    }
  }

  private func get(_ port: Int, _ path: String, _ headers: [String] = []) throws -> Answer {
    try #require(RawClient.ask(port, "GET", path, headers: headers), "\(path)")
  }

  private func post(_ port: Int, _ path: String, _ fields: String, _ headers: [String] = []) throws -> Answer {
    try #require(RawClient.ask(port, "POST", path, headers: [Self.form] + headers, body: fields), "\(path)")
  }

  private func ticket(_ page: String) throws -> String {
    String(try #require(page.firstMatch(of: /name="finstage-ticket" content="([0-9a-f]+)"/)?.1))
  }

  /// What no page may have: a script or a style of its own, and anything that is loaded from elsewhere.
  private func check(_ answer: Answer, _ path: String) {
    let html = answer.body
    #expect(answer.status == 200, "\(path): \(answer.status) \(html.suffix(600))")
    #expect(HTMLSkeleton.misfit(in: html) == nil, "\(path): \(HTMLSkeleton.misfit(in: html) ?? "")")
    let tags = HTMLSkeleton.of(html)
    #expect(HTMLSkeleton.dangers(in: html).isEmpty, "\(path): \(HTMLSkeleton.dangers(in: html))")
    #expect(tags.filter { $0.hasPrefix("<script") } == ["<script src defer>"], "\(path)")
    #expect(!tags.contains { $0.hasPrefix("<style") || $0.split(separator: " ").contains("style") }, "\(path)")
    for tag in tags where tag.contains("=http:") || tag.contains("=https:") {
      // Only a reader who presses it goes there, and does not say where from.
      #expect(tag.hasPrefix("<a ") && tag.contains(" rel"), "\(path): \(tag)")
    }
    #expect(answer.head.contains("default-src 'none'; script-src 'self'"), "\(path)")
    #expect(tags.count { $0.hasPrefix("<h1") } == 1, "\(path)")
  }

  @Test(.timeLimit(.minutes(3)))
  func `each page answers in both languages, whole and with nothing of its own to run`() throws {
    try atHost { service, program, port in
      try service.price(Array(repeating: 10, count: 53))
      service.within(program) { service.told().count == 3 }
      let ticket = try ticket(get(port, "/").body)
      let asked = try post(port, "/backtests", "csrf=\(ticket)&strategies=each&fee=0.1%25")
      #expect(asked.status == 303 && asked.head.contains("/backtests/1"), "\(asked.head) \(asked.body.suffix(500))")
      service.within(program) { try get(port, "/backtests/1").body.contains("<section id=\"report\"") }
      let all = try post(port, "/backtests", "csrf=\(ticket)")
      #expect(all.status == 303)
      service.within(program) { try get(port, "/league").body.contains("/strategies/each") }
      let pages = [
        "/", "/signals", "/signals?strategy=each&symbol=X", "/signals/1", "/strategies", "/strategies/each",
        "/strategies/each?symbol=X", "/league", "/backtests", "/backtests?strategy=each", "/backtests/1", "/sweeps",
        "/sweeps?strategy=each", "/news", "/news?search=rate", "/reports", "/schedule", "/outbox", "/outbox?state=sent",
        "/data", "/data?check=true", "/login",
      ]
      var texts: [String: String] = [:]
      for path in pages {
        for (language, word) in [("en", "Overview"), ("ko", "개요")] {
          let target = path + (path.contains("?") ? "&" : "?") + "lang=\(language)"
          let answer = try get(port, target)
          check(answer, target)
          #expect(answer.body.contains("<html lang=\"\(language)\">"), "\(target)")
          if path != "/login" { #expect(answer.body.contains(">\(word)</a>"), "\(target)") }
          #expect(answer.head.contains("finstage_language=\(language)"), "\(target)")
          texts[target] = answer.body
        }
      }
      #expect(texts["/signals/1?lang=en"]?.contains("close &gt; 1") == true)
      #expect(texts["/strategies/each?lang=ko"]?.contains("보정 p값") == true)
      // What a reader has chosen once is remembered.
      #expect(try get(port, "/", ["Cookie: finstage_language=ko"]).body.contains("<html lang=\"ko\">"))
      #expect(try get(port, "/", ["Cookie: finstage_language=xx"]).body.contains("<html lang=\"en\">"))
      // What is not there is a page too, for who reads pages.
      for (path, status) in [("/signals/999", 404), ("/strategies/none", 404), ("/backtests/99", 404), ("/x", 404)] {
        let answer = try get(port, path, ["Accept: text/html"])
        #expect(answer.status == status && HTMLSkeleton.misfit(in: answer.body) == nil, "\(path): \(answer.status)")
        #expect(answer.head.contains("text/html"), "\(path)")
      }
      let packed = try get(port, "/assets/finstage.css", ["Accept-Encoding: gzip"])
      #expect(packed.head.lowercased().contains("content-encoding: gzip"))
      let chart = try get(port, "/charts/prices?strategy=each&symbol=X")
      #expect(chart.status == 200 && chart.body.contains("\"direction\":") && !chart.body.contains("NaN"))
    }
  }

  @Test func `forms do what they say, with a ticket and from this site alone`() throws {
    try atHost { service, program, port in
      let ticket = try ticket(get(port, "/schedule").body)
      let pause = "/schedule/evaluate/pause"
      #expect(try post(port, pause, "").status == 403)
      #expect(try post(port, pause, "csrf=\(String(repeating: "0", count: 128))").status == 403)
      #expect(try post(port, pause, "csrf=\(ticket)", ["Origin: http://evil.example"]).status == 403)
      #expect(try post(port, pause, "csrf=\(ticket)", ["Origin: null"]).status == 403)
      #expect(try post(port, pause, "csrf=\(ticket)", ["Sec-Fetch-Site: cross-site"]).status == 403)
      let rebound = RawClient.ask(
        port, "POST", pause, headers: [Self.form], body: "csrf=\(ticket)", host: "finstage.evil.example:\(port)")
      #expect(rebound?.status == 421)
      #expect(RawClient.ask(port, "GET", "/", host: "evil.example")?.status == 421)
      let plain = RawClient.ask(port, "POST", pause, headers: ["Content-Type: text/plain"], body: "csrf=\(ticket)")
      #expect(plain?.status == 415)
      #expect(try !get(port, "/schedule").body.contains("/schedule/evaluate/resume"))
      let origin = "Origin: http://127.0.0.1:\(port)"
      let done = try post(port, pause, "csrf=\(ticket)", [origin, "Sec-Fetch-Site: same-origin"])
      #expect(done.status == 303 && done.head.contains("Location: /schedule"))
      #expect(try get(port, "/schedule").body.contains("/schedule/evaluate/resume"))
      let twice = try post(port, pause, "csrf=\(ticket)")
      #expect(twice.status == 409 && HTMLSkeleton.misfit(in: twice.body) == nil)
      #expect(try post(port, "/schedule/evaluate/resume", "csrf=\(ticket)").status == 303)
      #expect(try post(port, "/schedule/nothing/run", "csrf=\(ticket)").status == 404)
      try service.price(Array(repeating: 10, count: 52))
      #expect(try post(port, "/schedule/evaluate/run", "csrf=\(ticket)").status == 303)
      service.within(program) { service.told().count == 2 }
      #expect(try post(port, "/outbox/999/drop", "csrf=\(ticket)").status == 404)
      for fields in [
        "strategies=../config", "strategies=each&fee=200%25", "strategies=each&from=x",
        "strategies=each&fee=0.1%25&fee=0.2%25&to=y",
      ] { #expect([404, 422].contains(try post(port, "/backtests", "csrf=\(ticket)&\(fields)").status), "\(fields)") }
      for fields in ["strategy=each&axes=", "strategy=each&axes=n%3D1..3", "strategy=each&axes=--data%3D/etc/passwd"] {
        #expect(try post(port, "/sweeps", "csrf=\(ticket)&\(fields)").status == 422, "\(fields)")
      }
    }
  }

  @Test func `a sweep is a heat map in colours that need no style in attributes`() throws {
    let strategy = Self.strategy.replacingOccurrences(of: "close > 1", with: "close > low_bound * other")
      .replacingOccurrences(
        of: "pipeline:",
        with: "params: { low_bound: { default: 1, range: 1..20 }, other: { default: 1, range: 1..9 } }\npipeline:")
    try atHost(strategy: strategy) { service, program, port in
      try service.price((0..<60).map { 10 + Double($0 % 7) })
      let ticket = try ticket(get(port, "/sweeps?strategy=each").body)
      let asked = try post(
        port, "/sweeps", "csrf=\(ticket)&strategy=each&axes=low_bound%3D1..9%0D%0Aother%3D1..3&rank=trades")
      #expect(asked.status == 303 && asked.head.contains("/sweeps/1"), "\(asked.body.suffix(800))")
      service.within(program) { try get(port, "/sweeps/1").body.contains("class=\"heat") }
      let page = try get(port, "/sweeps/1")
      check(page, "/sweeps/1")
      #expect(page.body.firstMatch(of: /<td class="h[0-9]+/) != nil)
    }
  }

  @Test func `with tokens alone one signs in, looks as far as the role goes, and signs out`() throws {
    let closed = Self.configuration.replacingOccurrences(of: "rate: 10000", with: "anonymous: none, rate: 10000")
    try atHost(closed) { service, _, port in
      let origin = "Origin: http://127.0.0.1:\(port)"
      let made = try CommandTests.finstage("token", "create", "eyes", "--role", "read", in: service.folder)
      let secret = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
      let away = try get(port, "/schedule")
      #expect(away.status == 303 && away.head.contains("Location: /login?next=%2Fschedule"))
      let login = try get(port, "/login?next=%2Fschedule")
      check(login, "/login")
      let first = try ticket(login.body)
      #expect(try post(port, "/login", "csrf=\(first)&token=finstage_x&next=/schedule", [origin]).status == 403)
      #expect(try post(port, "/login", "token=\(secret)", [origin]).status == 403)
      let answer = try post(port, "/login", "csrf=\(first)&token=\(secret)&next=%2Fschedule", [origin])
      #expect(answer.status == 303 && answer.head.contains("Location: /schedule"), "\(answer.head)")
      let cookie =
        "Cookie: "
        + String(try #require(answer.head.firstMatch(of: /Set-Cookie: (finstage=[0-9a-f]{64});/)?.1))
      let schedule = try get(port, "/schedule", [cookie])
      check(schedule, "/schedule")
      #expect(schedule.body.contains("eyes (read)") && !schedule.body.contains("/pause"))
      let own = try ticket(schedule.body)
      #expect(try post(port, "/schedule/evaluate/pause", "csrf=\(own)", [cookie, origin]).status == 403)
      #expect(try get(port, "/api/v1/signals", [cookie]).status == 200)
      #expect(try post(port, "/logout", "csrf=\(own)", [cookie, origin]).status == 303)
      #expect(try get(port, "/schedule", [cookie]).status == 303)
      #expect(try CommandTests.finstage("token", "revoke", "eyes", in: service.folder).code == 0)
      let again = try ticket(get(port, "/login").body)
      #expect(try post(port, "/login", "csrf=\(again)&token=\(secret)", [origin]).status == 403)
    }
  }

  @Test func `a report that was made is listed, and reads as it went out`() throws {
    let jobs = "schedule: [{ job: evaluate, every: 1s }"
    try ServiceFixture.inFolder(
      Self.configuration, strategies: ["each": Self.strategy], closes: Array(repeating: 10, count: 50)
    ) { service in
      let sources = ServiceFixture.sources.replacing(jobs, with: jobs + ", { job: daily_report, every: 2s }")
      try service.write(sources + Self.configuration, to: "config.yaml")
      try service.runAndStop { program in
        let line = program.warned.split(separator: "\n").first { $0.contains("api: http://127.0.0.1:") }
        let port = try #require(line.flatMap { $0.split(separator: ":").last.flatMap { Int($0) } })
        service.within(program) { try get(port, "/api/v1/reports").body.contains("\"sent\"") }
        let listed = try get(port, "/api/v1/reports").body
        let slot = try #require(listed.matches(of: /"slot": "([0-9TZ:-]+)"/).last?.1)
        let one = try get(port, "/api/v1/reports/daily/\(slot)")
        #expect(one.status == 200 && one.body.contains("\"texts\"") && one.body.contains("\"kind\": \"daily\""))
        // The text is what the channel was told.
        let told = try #require(service.told().first { $0.contains("daily_report") })
        let title = try #require(one.body.firstMatch(of: /"title": "([^"]+)"/)?.1)
        #expect(told.contains(title), "\(title)")
        let page = try get(port, "/reports")
        check(page, "/reports")
        let link = try #require(page.body.firstMatch(of: /href="(\/reports\/daily\/[^"]+)"/)?.1)
        check(try get(port, String(link)), String(link))
        for path in ["daily/2000-01-01", "hourly/\(slot)", "daily/%2e%2e", "daily%2f\(slot)/001"] {
          #expect([400, 404].contains(try get(port, "/api/v1/reports/\(path)").status), "\(path)")
        }
      }
    }
  }
}
