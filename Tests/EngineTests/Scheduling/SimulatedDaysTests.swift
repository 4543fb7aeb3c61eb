import Calendars
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing
import Trading

@testable import Engine

private let minute: Int64 = 60_000
private let hour: Int64 = 3_600_000

/// Thirty days with changes of the clocks in New York, Lord Howe and Apia, during which the process is killed, the
/// system's clock is put forward and back, the disk is full, and work fails. Which slots there are was enumerated by
/// Python's zoneinfo (Tests/Parity/schedule_cases.py). Another seed: SEED=1 swift test --filter SimulatedDays
@Suite struct SimulatedDaysTests {
  static let seed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) } ?? 20_261_122

  /// What was done to the host, in the time of its own clock.
  private struct Story {
    var account = SlotAccount()
    var (kills, jumps, fulls) = (0, 0, 0)
  }

  @Test(arguments: ["2011-12-15", "2026-03-07", "2026-10-03"])
  func `each slot of thirty days is done once, whatever happens to the host`(_ date: String) async throws {
    let start = try #require(Instant(date))
    let end = start.advanced(by: 30 * 24 * hour)
    let lines = try cases("days.txt").filter { instant($0[0]) == start }
    #expect(lines.count == 11)
    try await inFolder { folder in
      let host = Host(start, in: folder)
      let isFull = Mutex(false)
      let jobs =
        try lines.map { host.job(try plan($0), takes: 7 * minute, failing: Self.failure) }
        + [host.job(JobPlan("evaluate", .following("seoul")))]
      var random = SplitMix(seed: Self.seed ^ UInt64(start.milliseconds))
      var settings = SchedulerSettings()
      (settings.seed, settings.width) = (Self.seed, 16)
      var story = Story()
      while host.clock.now() < end.advanced(by: 2 * hour) {
        try host.start(jobs, settings: settings) { _ in isFull.withLock { $0 } }
        func runs(_ length: Int64) async {
          let from = host.clock.now()
          await host.pass(length)
          story.account.up.append(from...host.clock.now())
        }
        await runs(Int64(random.unit() * 60 * Double(hour)))
        if random.unit() < 0.5 {
          // In whole minutes: no slot of the one time is missed by a part of a second of the other.
          let length = Int64(random.unit() * 360 - 180) * minute
          host.clock.jump(by: length)
          story.jumps += 1
          await runs(hour + Int64(random.unit() * 20 * Double(hour)))
        }
        if random.unit() < 0.4 {
          isFull.withLock { $0 = true }
          await host.pass(Int64(random.unit() * 2 * Double(hour)))
          isFull.withLock { $0 = false }
          story.fulls += 1
          await runs(2 * hour)
        }
        try host.kill()
        story.kills += 1
        await host.pass(Int64(random.unit() * random.unit() * 30 * Double(hour)))
      }
      // Whatever is open is brought to its end.
      try host.start(jobs, settings: settings)
      await host.pass(2 * hour)
      host.stop()
      await host.pass(minute)
      try host.close()
      let kept = try await host.runs()
      print(
        "simulated days from \(date), SEED=\(Self.seed): \(kept.count) slots, \(host.began.count) begun, "
          + "\(story.kills) kills, \(story.jumps) jumps of the clock, \(story.fulls) times a full disk")
      check(kept, lines, story, start..<end)
      for (slot, ends) in Dictionary(grouping: host.done, by: { "\($0.slot.job) \($0.slot.dueAt)" }) {
        #expect(ends.count == 1, "\(slot) was done \(ends.count) times")
      }
    }
  }

  private func plan(_ line: [String]) throws -> JobPlan {
    let recurrence: Recurrence =
      line[1] == "every"
      ? .every(try #require(FixedInterval(milliseconds: 90 * minute)))
      : .cron(CronSchedule(try CronExpression(line[2]), in: try ZoneDatabase().zone(line[3])))
    var plan = JobPlan(line[1], .recurring(recurrence))
    let rule: MisfirePolicy.Rule = line[1] == "every" ? .skip : line[1] == "new_york_hours" ? .runOnce : .runAll
    plan.misfire = MisfirePolicy(rule, grace: 2 * minute, catchUp: 1_000)
    // A slot that waits for another one's end may be late, which the account below does not know of.
    plan.maxInstances = rule == .runAll ? 1 : 8
    plan.retries = RetryPolicy(5, backoff: minute)
    return plan
  }

  /// The first attempt at one slot of eight.
  @Sendable private static func failure(_ slot: JobSlot) -> String? {
    slot.attempt == 1 && Jitter.delay(slot.job, slot.dueAt, seed: seed, longest: 7) == 0 ? "no route" : nil
  }

  private func check(_ kept: [JobRun], _ lines: [[String]], _ story: Story, _ window: Range<Instant>) {
    func done(_ job: String) -> [Instant] {
      kept.filter {
        $0.job == job && $0.state == .done && $0.dueAt > window.lowerBound && $0.dueAt <= window.upperBound
      }
      .map(\.dueAt)
    }
    let wrong = kept.filter { $0.dueAt <= window.upperBound && ![.done, .skipped].contains($0.state) }
    #expect(wrong.isEmpty, "\(wrong.map { "\($0.job) \($0.dueAt) \($0.state)" })")
    for line in lines {
      let rule: SlotAccount.Rule = line[1] == "every" ? .skip : line[1] == "new_york_hours" ? .last : .all
      let faults = story.account.faults(of: line[1], rule, slots: line[4...].map(instant), done: done(line[1]))
      #expect(faults.isEmpty, "\(faults.prefix(10))")
    }
    #expect(done("evaluate") == lines.first { $0[1] == "seoul" }?[4...].map(instant))
  }
}
