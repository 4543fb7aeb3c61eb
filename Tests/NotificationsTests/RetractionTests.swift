import Storage
import Testing
import Trading

@testable import Notifications

@Suite struct RetractionTests {
  /// What is told of a signal that is taken back, and what becomes of its notice, where the sender has taken it or not
  /// while it was being decided.
  private func retract(isTaken: Bool) async throws -> (notices: [Notice], state: OutboxEntry.State?) {
    var result: (notices: [Notice], state: OutboxEntry.State?) = ([], nil)
    try await withStore { store in
      let notices = Notices(NoticeRules(), channels: ["a"], writer: writer())
      let notice = Notice(key: "k", code: "K7Q2F3", channel: "a", priority: "high", body: "b")
      let id = try #require(try await store.save(record(), notices: [notice], at: noon))
      let told = try await store.entries(about: id)
      if isTaken { _ = try await store.claim(channel: "a", at: noon, lateBefore: noon, limit: 1) }
      result.notices = await notices.retraction(
        of: StoredSignal(id: id, record: record()), told: told, reason: "the close is 99.1", profile: nil
      ) { (try? await store.drop($0, "taken back", at: noon)) ?? false }
      result.state = try await store.entries(about: id).first?.state
    }
    return result
  }

  @Test func `a message that still waits when its signal is taken back does not go out, and nobody is told`()
    async throws
  {
    let (notices, state) = try await retract(isTaken: false)
    #expect(notices.isEmpty && state == .dropped)
  }

  @Test func `a message that the sender has just taken when its signal is taken back is answered`() async throws {
    let (notices, state) = try await retract(isTaken: true)
    #expect(notices.count == 1 && notices.first?.body.contains("the close is 99.1") == true && state == .sending)
  }
}
