import Storage
import TestSupport
import Testing
import Trading

@testable import Engine

private let minute: Int64 = 60_000
private let start = instant(2026, 1, 5, 0, 10)

/// What somebody says to a scheduler that runs: rest, go on, run now.
@Suite struct SchedulerBellTests {
  private func plan(_ name: String) throws -> JobPlan {
    var plan = JobPlan(name, .recurring(.every(try #require(FixedInterval(milliseconds: 30 * minute)))))
    plan.misfire = MisfirePolicy(.runAll, grace: minute, catchUp: 10)
    return plan
  }

  @Test func `a job that rests passes its slots over, and goes on with the next one`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      try host.start([host.job(try plan("collect"))])
      await host.pass(25 * minute)  // 00:35; 00:30 ran
      try await host.tell { store in _ = try await store.pause("collect", at: start) }
      await host.pass(60 * minute)  // 01:35; 01:00 and 01:30 are passed over
      try await host.tell { store in _ = try await store.resume("collect") }
      await host.pass(60 * minute)  // 02:35
      #expect(host.began.map(\.at) == [30, 120, 150].map { instant(2026, 1, 5).advanced(by: $0 * minute) })
      try host.close()
    }
  }

  @Test func `slots of a rest are not made up for after a new start`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      let jobs = [host.job(try plan("collect"))]
      try host.start(jobs)
      await host.pass(25 * minute)
      try await host.tell { store in _ = try await store.pause("collect", at: start) }
      await host.pass(60 * minute)
      try await host.tell { store in _ = try await store.resume("collect") }
      await host.pass(minute)
      try host.kill()
      try host.start(jobs)
      await host.pass(minute)
      #expect(host.began.count == 1)
      try host.close()
    }
  }

  @Test func `a job that is asked for runs at once, beside its slots, and one that rests waits`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      try host.start([host.job(try plan("collect"))])
      await host.pass(5 * minute)
      let asked = start.advanced(by: 5 * minute)
      try await host.tell { store in _ = try await store.request("collect", at: asked) }
      await host.pass(1_000)
      #expect(host.began.map(\.at) == [asked])
      try await host.tell { store in
        _ = try await store.pause("collect", at: asked)
        _ = try await store.request("collect", at: asked.advanced(by: 1))
      }
      await host.pass(minute)
      #expect(host.began.count == 1)
      try host.close()
    }
  }
}
