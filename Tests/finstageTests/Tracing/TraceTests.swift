import Foundation
import TestSupport
import Testing

@testable import finstage

/// Spans, as OpenTelemetry's collectors read them.
@Suite struct TraceTests {
  @Test(arguments: [
    // The first is the example of W3C's Trace Context.
    ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true),
    ("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false),
    ("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false), ("", false), ("00-4bf9-00f0-01", false),
    ("00-4bf92f3577b34da6a3ce929d0e0e473x-00f067aa0ba902b7-01", false),
  ])
  func `a parent is read as W3C writes it`(_ text: String, _ isSound: Bool) {
    let identity = SpanIdentity(text)
    #expect((identity != nil) == isSound)
    if let identity { #expect(identity.text == text) }
  }

  @Test func `a service writes a span a line: jobs, what is done in them, messages, requests`() throws {
    let rest =
      "channels: { book: { type: file, path: told.jsonl } }\nroutes: [{ channels: [book] }]\n"
      + "notify: { max_age: 365d, cooldown: 0 }\napi: { listen: \"127.0.0.1:0\" }\n"
    try ServiceFixture.inFolder(
      rest, strategies: ["each": ServiceFixture.eachBar], closes: Array(repeating: 10, count: 50)
    ) { service in
      let program = try RunningProgram(["run", "--traces", "spans.jsonl"], in: service.folder)
      defer { if program.isRunning { _ = program.kill9() } }
      service.within(program) { program.warned.contains("evaluate:") }
      try service.price(Array(repeating: 10, count: 52))
      service.within(program) { service.told().count == 2 }
      let line = program.warned.split(separator: "\n").first { $0.contains("api: http://127.0.0.1:") }
      let port = try #require(line.flatMap { $0.split(separator: ":").last.flatMap { Int($0) } })
      #expect(RawClient.ask(port, "GET", "/health/live")?.status == 200)
      kill(program.pid, SIGTERM)
      #expect(try program.end().code == 0)
      let spans = try spans(service.folder.appending(path: "spans.jsonl"))
      let names = Set(spans.compactMap { $0["name"] as? String })
      #expect(names.isSuperset(of: ["job evaluate", "evaluation", "notification", "GET getLive"]), "\(names)")
      for span in spans {
        let (begin, end) = (span["startTimeUnixNano"] as? String, span["endTimeUnixNano"] as? String)
        #expect(try #require(begin.flatMap { UInt64($0) }) <= #require(end.flatMap { UInt64($0) }))
        #expect((span["traceId"] as? String)?.count == 32 && (span["spanId"] as? String)?.count == 16)
      }
      // A pass is within its job, in one trace.
      let pass = try #require(spans.first { $0["name"] as? String == "evaluation" })
      let job = try #require(spans.first { $0["spanId"] as? String == pass["parentSpanId"] as? String })
      #expect(job["name"] as? String == "job evaluate" && job["traceId"] as? String == pass["traceId"] as? String)
      let mode = try FileManager.default.attributesOfItem(atPath: service.folder.appending(path: "spans.jsonl").path())
      #expect((mode[.posixPermissions] as? Int) == 0o600)
    }
  }

  private func spans(_ file: URL) throws -> [[String: Any]] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      let whole = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let resource = try #require((whole["resourceSpans"] as? [[String: Any]])?.first)
      let scope = try #require((resource["scopeSpans"] as? [[String: Any]])?.first)
      return try #require((scope["spans"] as? [[String: Any]])?.first)
    }
  }

  @Test func `a file that cannot be written is said before anything runs`() throws {
    let answer = try CommandTests.finstage("run", "--traces", "/nowhere/at/all.jsonl")
    #expect(answer.code == 2 && answer.messages.contains("--traces"), "\(answer.messages)")
  }
}
