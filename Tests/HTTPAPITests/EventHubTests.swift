import Pipelines
import Testing
import Trading

@testable import HTTPAPI

/// The stream of events (Server-Sent Events, HTML Living Standard 9.2).
@Suite struct EventHubTests {
  private let now = GateFixture.start

  /// The texts that come until the stream ends.
  private func texts(_ stream: AsyncStream<[UInt8]>) async -> [String] {
    var texts: [String] = []
    for await bytes in stream { texts.append(String(decoding: bytes, as: UTF8.self)) }
    return texts
  }

  private func tell(_ hub: EventHub, _ word: String) { hub.tell(HostEvent("job", at: now, .string(word))) }

  @Test func `who comes back gets what it missed, once and in order`() async throws {
    let hub = EventHub(run: "r")
    for word in ["one", "two", "three"] { tell(hub, word) }
    let stream = try hub.listen(after: "r-1")
    tell(hub, "four")
    hub.close()
    let found = await texts(stream)
    #expect(found.first == "retry: 3000\n\n")
    #expect(found.dropFirst().map { $0.prefix { $0 != "\n" } } == ["id: r-2", "id: r-3", "id: r-4"])
    #expect(found[1] == "id: r-2\nevent: job\ndata: {\"time\": \"2023-11-14T22:13:20Z\", \"data\": \"two\"}\n\n")
  }

  @Test func `who was away too long, or comes from another run, is told to begin anew`() async throws {
    let hub = EventHub(run: "r")
    for number in 0..<EventHub.kept + 5 { tell(hub, "\(number)") }
    for last in ["r-1", "other-1003", "r-99999", "nonsense", ""] {
      let stream = try hub.listen(after: last)
      var words = stream.makeAsyncIterator()
      _ = await words.next()
      #expect(await words.next() == Array("event: reset\ndata: {}\n\n".utf8), "\(last)")
    }
    // The oldest that is kept is behind the fifth.
    var kept = try hub.listen(after: "r-5").makeAsyncIterator()
    _ = await kept.next()
    #expect(String(decoding: await kept.next() ?? [], as: UTF8.self).hasPrefix("id: r-6\n"))
  }

  @Test func `who does not read is left, and the others hear everything`() async throws {
    let hub = EventHub(run: "r")
    let idle = try hub.listen(after: nil)
    for number in 0..<EventHub.kept + 50 { tell(hub, "\(number)") }
    #expect(hub.listeners == 0)
    let fresh = try hub.listen(after: nil)
    tell(hub, "last")
    hub.close()
    #expect(await texts(fresh).count == 2)
    #expect(await texts(idle).count == EventHub.kept + 10)
  }

  @Test func `text with line ends is one line of data`() async throws {
    let hub = EventHub(run: "r")
    let stream = try hub.listen(after: nil)
    tell(hub, "a\n\nevent: forged\ndata: x")
    hub.close()
    let text = await texts(stream).last ?? ""
    #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 5, "\(text)")
  }

  @Test func `there are no more listeners than there is room for`() throws {
    let hub = EventHub(run: "r")
    let held = try (0..<EventHub.most).map { _ in try hub.listen(after: nil) }
    #expect(throws: Problem.self) { _ = try hub.listen(after: nil) }
    #expect(held.count == hub.listeners)
  }
}
