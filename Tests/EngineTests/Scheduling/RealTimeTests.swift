import Engine
import Foundation
import Storage
import Testing
import Trading

/// The machine's own clock and Swift's own threads, as in the program.
private struct MachineClock: HostClock {
  func now() -> Instant { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }

  func sleep(until moment: Instant) async throws {
    let length = max(0, moment.milliseconds - now().milliseconds)
    try await Task.sleep(for: .milliseconds(length))
  }
}

@Suite struct RealTimeTests {
  @Test func `on the machine's own clock a job runs and its follower after it, and a stop ends the scheduler`()
    async throws
  {
    try await inFolder { folder in
      let store = try SQLiteStore(SQLiteSettings(path: "\(folder)/finstage.db"), for: .writing)
      let (ended, sender) = AsyncStream.makeStream(of: JobSlot.self)
      let every = try #require(FixedInterval(milliseconds: 1_000))
      let jobs = [
        ScheduledJob(JobPlan("collect", .recurring(.every(every)))) { _ in "7 bars" },
        ScheduledJob(JobPlan("evaluate", .following("collect"))) { slot in
          sender.yield(slot)
          return nil
        },
      ]
      let run = Task { await Scheduler(jobs, store: store, clock: MachineClock()).run() }
      let first = await ended.first { _ in true }
      run.cancel()
      await run.value
      let slot = try #require(first)
      #expect(slot.dueAt.milliseconds % 1_000 == 0 && slot.attempt == 1)
      let done = try await store.runs(.done, limit: 100).filter { $0.run.dueAt == slot.dueAt }
      #expect(done.map(\.run.job).sorted() == ["collect", "evaluate"])
      #expect(done.first { $0.run.job == "collect" }?.run.detail == "7 bars")
      #expect(try await store.runs(.running, limit: 100).isEmpty)
      try store.close()
    }
  }
}
