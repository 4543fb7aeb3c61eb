import Foundation
import TestSupport
import Testing

/// The outbox beside a running service, and channels that do not answer.
@Suite struct OutboxRunTests {
  private static let strategy = ServiceFixture.eachBar

  private static func configuration(_ url: String) -> String {
    """
    channels:
      hook: { type: webhook, url: "\(url)/in/some-where", allow_private: true, rate: [1000/s] }
      book: { type: file, path: book.jsonl }
    routes: [{ channels: [hook, book] }]
    notify: { max_age: 365d, cooldown: 0, hourly_cap: 1000 }

    """
  }

  @Test func `a message is retried and dropped beside the service, which sends it at once`() throws {
    let server = try FaultServer(["/in/some-where": [.status(400), .text("{}")]])
    defer { server.stop() }
    let bars = Array(repeating: 10.0, count: 40)
    try ServiceFixture.inFolder(
      Self.configuration(server.url), strategies: ["each": Self.strategy], closes: bars
    ) { service in
      try service.runAndStop { program in
        try service.price(bars + [11])
        service.within(program) { try service.outbox().contains("dead 1") }
        let row = try #require(try service.outbox().split(separator: "\n").first { $0.contains("dead") })
        let number = String(try #require(row.split(separator: " ").dropFirst().first))
        let answer = try CommandTests.finstage("outbox", "retry", number, in: service.folder)
        #expect(answer.code == 0 && answer.output.contains("due again"), "\(answer)")
        service.within(program) { server.requests.count == 2 }
        service.within(program) { try service.outbox().contains("sent 2") }
        // What has gone out stays so.
        let late = try CommandTests.finstage("outbox", "drop", number, in: service.folder)
        #expect(late.code == 1 && late.messages.contains("is sent, and stays so"), "\(late)")
      }
    }
  }

  @Test func `a channel that takes a message and never answers holds up neither evaluation nor the other channels`()
    throws
  {
    let server = try FaultServer(["/in/some-where": [.silence]])
    defer { server.stop() }
    let bars = Array(repeating: 10.0, count: 30)
    try ServiceFixture.inFolder(
      Self.configuration(server.url), strategies: ["each": Self.strategy], closes: bars
    ) { service in
      try service.run { program in
        // Bar after bar, while the first message to the hook is still under way.
        for more in 1...12 {
          try service.price(bars + Array(repeating: 11, count: more))
          service.within(program) { service.told("book.jsonl").count == more }
        }
        #expect(server.requests.count == 1)
        let outbox = try service.outbox()
        // One is held in memory, the others wait in the store.
        #expect(outbox.contains("pending 11 · sending 1 · sent 12"), "\(outbox)")
        _ = program.kill9()
      }
    }
  }
}
