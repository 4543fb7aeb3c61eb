import Foundation
import Logging
import Synchronization
import TestSupport
import Testing
import Trading

@testable import finstage

/// What the log writes, whatever it is given.
@Suite struct LogLineTests {
  private final class Lines: Sendable {
    let all = Mutex<[String]>([])
  }

  /// The lines that are written of what is logged in the body.
  private func lines(
    _ format: LogFormat, hiding secrets: [String] = [], _ body: (Logger) throws -> Void
  ) rethrows -> [String] {
    let (lines, hidden) = (Lines(), LogSecrets())
    hidden.hide(secrets)
    var log = Logger(label: "finstage") { label in
      LineLogHandler(
        label, format.form, without: hidden, now: { Instant(milliseconds: 1_700_000_000_123) },
        write: { line in lines.all.withLock { $0.append(line) } })
    }
    log.logLevel = .trace
    try body(log)
    return lines.all.withLock { $0 }
  }

  private func object(_ line: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
  }

  private static let hostile =
    HostileText.titles + HostileText.controls + [
      "\u{2028}line\u{2029}", "\\u0022,\"admin\":true", "\"}\n{\"log.level\":\"info\"}", "", " ", "열쇠 👩‍👩‍👧",
      "\u{FFFE}\u{10FFFF}",
      "\u{85}\u{AD}",
    ]

  @Test(arguments: hostile)
  func `a text of somebody else neither ends a line nor adds a field, and is kept as it was`(_ text: String) throws {
    let written = lines(.json) { $0.warning("\(text)", metadata: [text: "\(text)", "reason": "\(text)"]) }
    let line = try #require(written.first)
    #expect(written.count == 1 && line.hasSuffix("}\n") && line.dropLast().allSatisfy { !$0.isNewline })
    #expect(HostileText.isQuiet(line))
    let entry = try object(line)
    // By scalars: a string of Foundation's is the same where it only looks alike.
    #expect((entry["message"] as? String).map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    #expect(entry["log.level"] as? String == "warning")
    let labels = try #require(entry["labels"] as? [String: String])
    #expect(labels["reason"].map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    #expect(labels.keys.allSatisfy { $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } })
    #expect(Set(entry.keys).subtracting(ECS.fields).isEmpty, "\(entry.keys)")
    let plain = lines(.text) { $0.warning("\(text)", metadata: [text: "\(text)", "reason": "\(text)"]) }
    #expect(plain.count == 1 && plain[0].hasSuffix("\n") && plain[0].dropLast().allSatisfy { !$0.isNewline })
    #expect(HostileText.isQuiet(plain[0]))
  }

  /// The names are those of https://www.elastic.co/guide/en/ecs/8.11/ecs-field-reference.html.
  private enum ECS {
    static let fields: Set<String> = [
      "@timestamp", "log.level", "message", "ecs.version", "service.name", "service.version", "event.dataset",
      "log.logger", "labels",
    ]
  }

  @Test func `an entry has the fields that collectors look for, in the order that they ask for`() throws {
    struct Broken: Error, CustomStringConvertible { let description = "it broke" }
    let line = try #require(
      lines(.json) {
        $0.error(
          "collect: failed: it broke", error: Broken(),
          metadata: [
            "slot": "2026-11-23T03:00:00Z", "event.action": "collect", "event.outcome": "failure",
            "event.duration": "1500000", "http.response.status_code": "no number", "event.madeup": "x",
          ])
      }.first)
    // The first four stand at the beginning, as the specification of ECS logging wants it.
    #expect(
      line.hasPrefix(
        "{\"@timestamp\":\"2023-11-14T22:13:20.123Z\",\"log.level\":\"error\",\"message\":\"collect: failed: it broke\","
          + "\"ecs.version\":\"8.11.0\","), "\(line)")
    let entry = try object(line)
    #expect(entry["service.name"] as? String == "finstage" && entry["event.dataset"] as? String == "finstage.log")
    #expect(entry["event.action"] as? String == "collect" && entry["event.outcome"] as? String == "failure")
    #expect(entry["error.message"] as? String == "it broke" && entry["event.duration"] as? Int == 1_500_000)
    #expect(
      entry["labels"] as? [String: String] == [
        "slot": "2026-11-23T03:00:00Z", "http_response_status_code": "no number", "event_madeup": "x",
      ])
    // People read it in the message.
    let plain = try #require(
      lines(.text) { $0.info("collect: done", metadata: ["event.action": "collect", "slot": "1"]) }.first)
    #expect(plain == "2023-11-14T22:13:20.123Z info: collect: done  slot=1\n")
  }

  @Test(arguments: LogFormat.allCases, Canary.all)
  func `a secret stands in no line, however it is written`(_ format: LogFormat, _ canary: Canary) {
    let texts = [
      canary.text, canary.percentEncoded, canary.base64, canary.escaped,
      Data("me:\(canary.text)".utf8).base64EncodedString(), canary.text.replacing("&", with: "&amp;"),
    ]
    for text in texts {
      for place in ["\(text)", "GET /x?key=\(text)&y HTTP/1.1", "\"\(text)\""] {
        let written = lines(format, hiding: [canary.text]) {
          $0.error("\(place)", metadata: ["reason": "\(place)", "error.message": "\(place)"])
        }
        #expect(Canary.found(in: written.joined()).isEmpty && written.joined().contains("[secret]"), "\(written)")
      }
    }
  }

  @Test(arguments: LogFormat.allCases)
  func `where a long text is cut, no half of a secret is left`(_ format: LogFormat) {
    let secret = Canary.hook.text
    for shift in [0, 1, 7, 12, 20] {
      for repeated in [1, 2_000] {
        let text = String(repeating: "x", count: LogText.limit - shift) + String(repeating: secret, count: repeated)
        let line = lines(format, hiding: [secret]) { $0.info("\(text)") }.joined()
        #expect(Canary.found(in: line).isEmpty && line.count < LogText.limit + 400)
      }
    }
  }

  @Test func `a secret of a few signs is not looked for, and one that was known once stays hidden`() {
    let hidden = LogSecrets()
    hidden.hide(["abc", "longer-one"])
    hidden.hide(["another-one"])
    #expect(hidden.left(out: "abc longer-one another-one") == "abc [secret] [secret]")
  }
}
