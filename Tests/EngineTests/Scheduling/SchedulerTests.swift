import Calendars
import Storage
import Synchronization
import TestSupport
import Testing
import Trading

@testable import Engine

private let minute: Int64 = 60_000
private let hour: Int64 = 3_600_000
private let start = instant(2026, 1, 5, 0, 10)

private func plan(_ name: String, every length: Int64 = 30 * minute) throws -> JobPlan {
  JobPlan(name, .recurring(.every(try #require(FixedInterval(milliseconds: length)))))
}

@Suite struct SchedulerTests {
  @Test func `a job begins at each of its slots, and the store says what became of them`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      try host.start([host.job(try plan("collect"), takes: 5 * minute)])
      await host.pass(2 * hour)
      #expect(host.began.map(\.at) == [30, 60, 90, 120].map { instant(2026, 1, 5).advanced(by: $0 * minute) })
      #expect(host.began.allSatisfy { $0.at == $0.slot.dueAt && $0.slot.attempt == 1 })
      host.stop()
      await host.pass(minute)
      try host.close()
      let runs = try await host.runs()
      #expect(runs.map(\.state) == [.done, .done, .done, .done])
      #expect(runs.first?.finishedAt == start.advanced(by: 25 * minute))
    }
  }

  @Test(arguments: [
    (MisfirePolicy.Rule.skip, [Int64]()), (.runOnce, [210]), (.runAll, [150, 180, 210]),
  ])
  func `after three hours without the host a policy says what runs`(
    _ rule: MisfirePolicy.Rule, _ wanted: [Int64]
  ) async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      var plan = try plan("collect")
      plan.misfire = MisfirePolicy(rule, grace: minute, catchUp: 3)
      let jobs = [host.job(plan)]
      try host.start(jobs)
      await host.pass(25 * minute)
      try host.kill()
      await host.pass(3 * hour)  // it is 03:35; 01:00 to 03:30 were missed
      try host.start(jobs)
      await host.pass(minute)
      #expect(host.began.dropFirst().map(\.slot.dueAt) == wanted.map { instant(2026, 1, 5).advanced(by: $0 * minute) })
      await host.pass(hour)
      #expect(host.began.count == 1 + wanted.count + 2)
      try host.close()
    }
  }

  @Test func `a slot seconds after the start begins in time, and so does one seconds after the clock went back`()
    async throws
  {
    try await inFolder { folder in
      let host = Host(instant(2026, 1, 5, 0, 29).advanced(by: 50_000), in: folder)
      try host.start([host.job(try plan("collect", every: minute))])
      host.clock.plan(at: 25_000) { host.clock.jump(by: -hour) }
      await host.pass(3 * minute)
      let late = host.began.filter { $0.at != $0.slot.dueAt }
      #expect(host.began.first?.slot.dueAt == instant(2026, 1, 5, 0, 30))
      // The clock is looked at once a minute: what was due in the one in which it went back may be late by that.
      #expect(host.began.count >= 3 && late.count <= 1)
      try host.close()
    }
  }

  @Test func `a slot within its grace is not late`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      var plan = try plan("collect")
      plan.misfire = MisfirePolicy(.skip, grace: 10 * minute)
      let jobs = [host.job(plan)]
      try host.start(jobs)
      await host.pass(minute)
      try host.kill()
      await host.pass(28 * minute)
      try host.start(jobs)
      await host.pass(minute)
      #expect(host.began.map(\.slot.dueAt) == [start.advanced(by: 20 * minute)])
      #expect(host.began.first?.at == start.advanced(by: 29 * minute))
      try host.close()
    }
  }

  @Test func `a job that is new or comes at other times than before has missed nothing`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      try host.start([host.job(try plan("collect"))])
      await host.pass(minute)
      #expect(host.began.isEmpty)
      try host.kill()
      await host.pass(5 * hour)
      try host.start([host.job(try plan("collect", every: 20 * minute)), host.job(try plan("news"))])
      await host.pass(minute)
      #expect(host.began.isEmpty)
      await host.pass(9 * minute)
      #expect(host.began.map(\.slot.job) == ["collect"])
      try host.close()
    }
  }

  @Test func `a busy job begins no second run, and what waited too long follows its policy`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      try host.start([host.job(try plan("collect"), takes: 100 * minute)])
      await host.pass(5 * hour)
      // 00:30 ends at 02:10, where of 01:00, 01:30 and 02:00 the last is left; it ends at 03:50, 03:30 is left.
      #expect(host.began.map(\.slot.dueAt) == [30, 120, 210].map { instant(2026, 1, 5).advanced(by: $0 * minute) })
      #expect(host.began.map(\.at) == [30, 130, 230].map { instant(2026, 1, 5).advanced(by: $0 * minute) })
      try host.kill()
      let states = Dictionary(grouping: try await host.runs(), by: \.state).mapValues(\.count)
      // 04:00 and 04:30 were late when the next one came.
      #expect(states == [.done: 2, .running: 1, .skipped: 6, .pending: 1])
    }
  }

  @Test func `two instances run side by side where the plan admits them, and no more than the width`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      var plan = try plan("collect")
      plan.maxInstances = 2
      var settings = SchedulerSettings()
      settings.width = 3
      let others = try ["a", "b"].map { host.job(try SchedulerTests.every($0, 30 * minute), takes: 45 * minute) }
      try host.start([host.job(plan, takes: 45 * minute)] + others, settings: settings)
      await host.pass(51 * minute)  // 01:01
      let running = Dictionary(grouping: host.began, by: \.slot.job).mapValues(\.count)
      #expect(running == ["collect": 1, "a": 1, "b": 1])
      await host.pass(20 * minute)
      #expect(host.began.filter { $0.slot.job == "collect" }.count == 2)
      try host.close()
    }
  }

  private static func every(_ name: String, _ length: Int64) throws -> JobPlan { try plan(name, every: length) }

  @Test func `a job that follows another runs for the same slot once that is done, and not where it failed`()
    async throws
  {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      let jobs = [
        host.job(try plan("collect"), takes: minute) { slot in
          slot.dueAt == instant(2026, 1, 5, 1) ? "no route" : nil
        },
        host.job(JobPlan("evaluate", .following("collect")), takes: minute),
        host.job(JobPlan("notify", .following("evaluate"))),
      ]
      try host.start(jobs)
      await host.pass(2 * hour)
      let notified = host.began.filter { $0.slot.job == "notify" }
      #expect(notified.map(\.slot.dueAt) == [30, 90, 120].map { instant(2026, 1, 5).advanced(by: $0 * minute) })
      #expect(notified.allSatisfy { $0.at == $0.slot.dueAt.advanced(by: 2 * minute) })
      try host.close()
    }
  }

  @Test func `what follows is not lost where the process ends between the two`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      let jobs = [host.job(try plan("collect"), takes: minute), host.job(JobPlan("evaluate", .following("collect")))]
      var settings = SchedulerSettings()
      settings.width = 1
      let slow = host.job(try plan("slow"), takes: 10 * minute)
      try host.start(jobs + [slow], settings: settings)
      // slow and collect want the one place; evaluate waits for it when the process is killed.
      await host.pass(21 * minute + 30_000)
      try host.kill()
      #expect(host.began.filter { $0.slot.job == "evaluate" }.isEmpty)
      try host.start(jobs)
      await host.pass(minute)
      #expect(host.began.filter { $0.slot.job == "evaluate" }.map(\.slot.dueAt) == [instant(2026, 1, 5, 0, 30)])
      try host.close()
    }
  }

  @Test func `a job waits for what it comes after, through all that stands between`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      var report = try plan("report", every: hour)
      report.after = ["evaluate"]
      let jobs = [
        host.job(report), host.job(try plan("collect"), takes: 7 * minute),
        host.job(JobPlan("evaluate", .following("collect")), takes: 4 * minute),
      ]
      try host.start(jobs)
      await host.pass(80 * minute)
      #expect(host.began.filter { $0.slot.job == "report" }.map(\.at) == [instant(2026, 1, 5, 1, 11)])
      try host.close()
    }
  }

  @Test func `a failure is tried again after times that double, and then stands`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      var plan = try plan("collect", every: 24 * hour)
      plan.retries = RetryPolicy(4, backoff: minute, longest: 5 * minute)
      try host.start([host.job(plan) { _ in "no route" }])
      await host.pass(24 * hour)
      let midnight = instant(2026, 1, 6)
      #expect(host.began.map { ($0.at.milliseconds - midnight.milliseconds) / minute } == [0, 1, 3, 7])
      await host.pass(hour)
      #expect(host.began.map(\.slot.attempt) == [1, 2, 3, 4, 5])
      #expect(host.began.last?.at == midnight.advanced(by: 12 * minute))
      try host.close()
      let run = try #require(try await host.runs().first)
      #expect(run.state == .failed && run.detail == "no route" && run.attempts == 5)
    }
  }

  @Test func `an attempt beyond its timeout is cancelled and has failed`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      var plan = try plan("collect")
      plan.timeout = 10 * minute
      try host.start([host.job(plan, takes: 20 * minute)])
      await host.pass(31 * minute)
      try host.close()
      let run = try #require(try await host.runs().first)
      #expect(run.state == .failed && run.detail == "it took longer than 10m, its timeout")
      #expect(run.finishedAt == start.advanced(by: 30 * minute) && host.done.isEmpty)
    }
  }

  @Test func `a slot that ran when the process was killed runs again, or has failed, as its plan says`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      var fails = try plan("fails", every: 24 * hour)
      fails.lost = .fail
      let jobs = [host.job(try plan("again", every: 24 * hour), takes: hour), host.job(fails, takes: hour)]
      try host.start(jobs)
      await host.pass(24 * hour)
      try host.kill()
      try host.start(jobs)
      await host.pass(minute)
      #expect(host.began.map(\.slot.job) == ["again", "fails", "again"])
      #expect(host.began.last?.slot.attempt == 2)
      // A job that ends the process each time does so twice, and no more.
      try host.kill()
      try host.start(jobs)
      await host.pass(minute)
      #expect(host.began.count == 3)
      try host.close()
      #expect(try await host.runs().map(\.state) == [.failed, .failed])
    }
  }

  @Test func `at a stop nothing begins, and what runs may end`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      try host.start([host.job(try plan("long"), takes: 20_000), host.job(try plan("hourly", every: hour))])
      host.clock.plan(at: 20 * minute + 1_000) { host.stop() }
      await host.pass(10 * hour)
      #expect(host.began.count == 1 && host.done.map(\.at) == [start.advanced(by: 20 * minute + 20_000)])
      try host.close()
      #expect(try await host.runs().map(\.state) == [.done])
    }
  }

  @Test func `a run that does not end in time is cancelled and runs again at the next start`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      let jobs = [host.job(try plan("long"), takes: 10 * minute)]
      try host.start(jobs)
      host.clock.plan(at: 21 * minute) { host.stop() }
      await host.pass(25 * minute)
      try host.close()
      let run = try #require(try await host.runs().first)
      #expect(run.state == .pending && run.attempts == 0 && run.detail == "the host stopped")
      #expect(run.notBefore == start.advanced(by: 21 * minute + 30_000))
      try host.start(jobs)
      await host.pass(11 * minute)
      #expect(host.done.map(\.slot.dueAt) == [instant(2026, 1, 5, 0, 30)])
      try host.close()
    }
  }

  @Test func `a run that ignores its cancellation is left behind`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      let clock = host.clock
      let deaf = ScheduledJob(try plan("deaf")) { _ in
        await Task(executorPreference: clock) { try? await clock.sleep(until: instant(2027, 1, 1)) }.value
        return nil
      }
      try host.start([deaf])
      host.clock.plan(at: 21 * minute) { host.stop() }
      await host.pass(22 * minute)
      try host.close()
      #expect(try await host.runs().map(\.state) == [.pending])
      let released = host.events.contains { if case .released = $0 { true } else { false } }
      #expect(released)
    }
  }

  @Test func `a clock that goes forward and back lets no slot run twice and none be lost`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      var plan = try plan("collect")
      plan.misfire = MisfirePolicy(.runAll, catchUp: 100)
      try host.start([host.job(plan)])
      host.clock.plan(at: 30 * minute) { host.clock.jump(by: 5 * hour) }
      host.clock.plan(at: 60 * minute) { host.clock.jump(by: -7 * hour) }
      await host.pass(12 * hour)
      let slots = host.began.map(\.slot.dueAt)
      // From 00:30; the clock has gone back to 23:10 the day before and on to 10:10.
      let wanted = (-1...20).map { instant(2026, 1, 5).advanced(by: Int64($0) * 30 * minute) }
      #expect(slots.sorted() == wanted)
      // The sleep of an hour within which the clock was put forward ends within a minute of it.
      #expect(host.began[1].at.milliseconds - start.milliseconds <= 5 * hour + 31 * minute)
      let wentBack = host.events.contains { if case .clockWentBack(by: let by) = $0 { by > 6 * hour } else { false } }
      #expect(wentBack)
      try host.close()
    }
  }

  @Test func `that the clock was put back is known to the next process, too`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      var plan = try plan("collect")
      plan.misfire = MisfirePolicy(.skip, grace: 20 * minute)
      let jobs = [host.job(plan)]
      try host.start(jobs)
      host.clock.plan(at: 30 * minute) { host.clock.jump(by: 5 * hour) }
      host.clock.plan(at: 40 * minute) { host.clock.jump(by: -5 * hour) }
      await host.pass(45 * minute)
      try host.kill()  // at 00:55
      await host.pass(10 * minute)
      try host.start(jobs)
      await host.pass(minute)
      #expect(host.began.last?.slot.dueAt == instant(2026, 1, 5, 1))
      try host.close()
    }
  }

  @Test func `what the store cannot take for an hour is kept once it can`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      var plan = try plan("collect")
      plan.misfire = MisfirePolicy(.runAll, catchUp: 100)
      let full = start.advanced(by: 21 * minute)..<start.advanced(by: 81 * minute)
      try host.start([host.job(plan, takes: 5 * minute)], isFull: { full.contains($0) })
      await host.pass(3 * hour)
      #expect(
        host.began.map(\.slot.dueAt)
          == [30, 60, 90, 120, 150, 180].map { instant(2026, 1, 5).advanced(by: $0 * minute) })
      try host.close()
      let runs = try await host.runs()
      #expect(runs.map(\.state) == [.done, .done, .done, .done, .done, .done])
      // That it had ended at 00:35 was known all the time.
      #expect(runs.first?.finishedAt == start.advanced(by: 25 * minute))
    }
  }

  @Test func `jitter lies within its bound and is the same for the same seed`() throws {
    var seen: Set<Int64> = []
    for place in 0..<500 {
      let slot = start.advanced(by: Int64(place) * hour)
      let delay = Jitter.delay("news", slot, seed: 7, longest: 5 * minute)
      #expect((0...5 * minute).contains(delay))
      #expect(delay == Jitter.delay("news", slot, seed: 7, longest: 5 * minute))
      seen.insert(delay)
    }
    #expect(seen.count > 490)
    #expect(Jitter.delay("news", start, seed: 7, longest: 0) == 0)
    #expect(
      Jitter.delay("news", start, seed: 7, longest: hour) != Jitter.delay("highs", start, seed: 7, longest: hour))
  }

  @Test func `a slot with jitter begins so much later and keeps its name`() async throws {
    try await inFolder { folder in
      let host = Host(start, in: folder)
      var plan = try plan("news")
      plan.jitter = 10 * minute
      var settings = SchedulerSettings()
      settings.seed = 42
      try host.start([host.job(plan)], settings: settings)
      await host.pass(4 * hour)
      #expect(host.began.count >= 7)
      for seen in host.began {
        let delay = Jitter.delay("news", seen.slot.dueAt, seed: 42, longest: 10 * minute)
        #expect(seen.at.milliseconds - seen.slot.dueAt.milliseconds - delay <= 1_000)
        #expect(seen.at >= seen.slot.dueAt.advanced(by: delay))
      }
      try host.close()
    }
  }
}
