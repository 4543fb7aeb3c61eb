import Foundation
import TestSupport
import Testing

@testable import finstage

/// The log of a running service, and what it is told to leave out.
@Suite struct LogRunTests {
  @Test func `every line of a service that logs JSON is an entry, to the last`() throws {
    try ServiceFixture.inFolder("", strategies: ["each": ServiceFixture.eachBar], closes: [10, 10, 10]) { service in
      let program = try RunningProgram(
        ["run", "--log-format", "json", "--log-level", "debug"], in: service.folder)
      defer { if program.isRunning { _ = program.kill9() } }
      service.within(program) { program.warned.contains("\"message\":\"evaluate: ") }
      try service.write("name: [\n", to: "strategies/each.yaml")
      service.within(program) { program.warned.contains("goes on as it was") }
      kill(program.pid, SIGTERM)
      let answer = try program.end()
      #expect(answer.code == 0)
      let lines = answer.messages.split(separator: "\n")
      for line in lines {
        let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(entry?["@timestamp"] is String && entry?["message"] is String, "\(line)")
      }
      let done = lines.last { $0.contains("\"message\":\"evaluate: ") } ?? ""
      #expect(
        done.contains("\"event.action\":\"evaluate\"") && done.contains("\"event.outcome\":\"success\""), "\(done)")
    }
    let wrong = try CommandTests.finstage("run", "--log-format", "xml")
    #expect(wrong.code == 2 && wrong.messages.contains("json"), "\(wrong.messages)")
  }

  @Test func `the secrets of a configuration are known with their parts, and nothing else is`() throws {
    let text = """
      sources:
        a: { type: alpha_vantage, key: "${file:key}", proxy: "http://me:pr0xypass@127.0.0.1:1" }
        b: { type: http_csv, url: "https://v.example/{symbol}", timeframes: { 1d: d }, key: "${file:venue}",
             headers: { X-Key: "${file:header}", Accept: text/csv } }
      channels:
        t: { type: telegram, token: "${file:token}", chat: "-1" }
        s: { type: slack, url: "https://hooks.example/services/${file:hook}" }
        m: { type: email, host: mail.example, from: a@b.example, to: [a@b.example], user: me, password: "${file:mail}" }
        w: { type: webhook, url: "https://w.example/public/path", secret: "${file:sign}", token: "${env:FINSTAGE_NOT_SET}" }
      companies: { fmp: { type: fmp, key: "${file:fmp}" } }
      heartbeat: { url: "https://hc.example/${file:beat}" }
      """
    let values = [
      "key": "k3y-of-a", "venue": "k3y-of-b", "header": "H3ader-value-1", "token": "77:AAEtokenpart",
      "hook": "T0/B0/hookpart1",
      "mail": "ma1lpass", "sign": "s1gning", "fmp": "fmpk3y", "beat": "beat-0001",
    ]
    try CommandTests.inFolder(["config.yaml": text].merging(values) { $1 }) { folder in
      // References to files are relative to where the program runs.
      let path = folder.path()
      let absolute = text.replacing("${file:", with: "${file:\(path.hasSuffix("/") ? path : path + "/")")
      try absolute.write(to: folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
      let read = ConfigurationReader.read(path: folder.appending(path: "config.yaml").path())
      let configuration = try #require(read.configuration, "\(read.faults)")
      let secrets = Set(configuration.secrets)
      for secret in [
        "k3y-of-a", "k3y-of-b", "H3ader-value-1", "77:AAEtokenpart", "AAEtokenpart", "hookpart1", "ma1lpass",
        "s1gning", "fmpk3y", "beat-0001", "me:pr0xypass", "pr0xypass",
      ] { #expect(secrets.contains(secret), "\(secret): \(secrets)") }
      for other in ["text/csv", "mail.example", "me", "public", "-1"] { #expect(!secrets.contains(other)) }
      #expect(secrets.allSatisfy { !$0.contains("FINSTAGE_NOT_SET") })
    }
  }
}
