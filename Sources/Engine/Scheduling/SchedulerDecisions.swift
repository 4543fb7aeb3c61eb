import Storage
import Trading

/// What becomes of slots: from due to pending, begun, ended.
extension SchedulerLoop {
  /// The first look at the store: marks, and what an earlier process has left.
  mutating func takeUp(at now: Instant) async throws(StoreError) {
    resting = Set(try await store.pauses().keys)
    var kept: [String: JobMark] = [:]
    for mark in try await store.marks() { kept[mark.job] = mark }
    for id in try await store.runs(.running, limit: 10_000) where running[id.id] == nil {
      try await takeUp(lost: id, at: now)
    }
    let strangers = try await store.runs(.pending, limit: 10_000).filter { plans[$0.run.job] == nil }
    if !strangers.isEmpty {
      try await store.skip(strangers.map(\.id), detail: "the schedule has no such job any more", at: now)
    }
    for job in jobs {
      guard let recurrence = job.plan.recurrence else { continue }
      let name = job.plan.name
      // A job that is new, or comes at other times than before, has missed nothing.
      if let mark = kept[name], mark.rule == "\(recurrence)" {
        marks[name] = min(mark.through, now)
        if mark.through > now { rewound.insert(name) }
      } else {
        _ = try await store.add([], mark: JobMark(job: name, rule: "\(recurrence)", through: now))
        marks[name] = now
      }
    }
    isReady = true
    mayBegin = true
  }

  /// Looks for jobs that were told to rest or to go on, and for runs that were asked for.
  mutating func readPauses() async {
    do throws(StoreError) {
      resting = Set(try await store.pauses().keys)
      mayBegin = true
    } catch {
      report(.storeFailed(error))
    }
  }

  private func takeUp(lost kept: StoredJobRun, at now: Instant) async throws(StoreError) {
    let run = kept.run
    let slot = JobSlot(job: run.job, dueAt: run.dueAt, attempt: run.attempts)
    let reason = "the host ended while it ran"
    guard let plan = plans[run.job], plan.lost == .runAgain, run.attempts < plan.retries.count + 2 else {
      try await store.finish(kept.id, .failed, detail: reason, at: now)
      return report(.lost(slot, runsAgain: false))
    }
    try await store.putBack(kept.id, detail: reason, notBefore: now, countingAttempt: true)
    report(.lost(slot, runsAgain: true))
  }

  /// Makes pending what has become due since the last look.
  mutating func decide(at now: Instant) async throws(StoreError) {
    for job in jobs {
      let plan = job.plan
      guard let recurrence = plan.recurrence, let mark = marks[plan.name] else { continue }
      if rewound.contains(plan.name) {
        _ = try await store.add([], mark: JobMark(job: plan.name, rule: "\(recurrence)", through: mark))
        rewound.remove(plan.name)
      }
      // Also where the mark is new or has just gone back: the alarm is set by it.
      let slot = upcoming[plan.name] ?? recurrence.next(after: mark)
      upcoming[plan.name] = .some(slot)
      guard let slot, slot <= now else {
        marks[plan.name] = now
        continue
      }
      let slots = recurrence.latest(after: mark, through: now, limit: plan.misfire.considered)
      if resting.contains(plan.name) {
        _ = try await store.add([], mark: JobMark(job: plan.name, rule: "\(recurrence)", through: now))
      } else if !slots.isEmpty {
        let seed = settings.seed
        let timed = slots.map { slot in
          (slot, slot.advanced(by: Jitter.delay(plan.name, slot, seed: seed, longest: plan.jitter)))
        }
        let chosen = plan.misfire.choose(among: timed, now: now) { $0.1 }
        let mark = JobMark(job: plan.name, rule: "\(recurrence)", through: now)
        _ = try await store.add(chosen.run.map { (dueAt: $0.0, notBefore: $0.1) }, mark: mark)
        if !chosen.skip.isEmpty { report(.skipped(job: plan.name, slots: chosen.skip.map(\.0))) }
        mayBegin = true
      }
      marks[plan.name] = now
      upcoming[plan.name] = .some(recurrence.next(after: now))
    }
  }

  /// Begins pending runs as far as there is room, by when they were due.
  mutating func beginWaiting(at now: Instant) async throws(StoreError) {
    var pending = try await store.runs(.pending, limit: 10_000).filter { plans[$0.run.job] != nil }
    firstWaiting = pending.map(\.run.notBefore).filter { $0 > now }.min()
    for job in jobs {
      let policy = job.plan.misfire
      let fresh = pending.filter { $0.run.job == job.plan.name && $0.run.attempts == 0 && $0.run.notBefore <= now }
        .sorted { ($0.run.notBefore, $0.id) < ($1.run.notBefore, $1.id) }
      let late = policy.choose(among: fresh, now: now) { $0.run.notBefore }.skip
      guard !late.isEmpty else { continue }
      try await store.skip(late.map(\.id), detail: "it would have begun too late", at: now)
      report(.skipped(job: job.plan.name, slots: late.map(\.run.dueAt)))
      let gone = Set(late.map(\.id))
      pending.removeAll { gone.contains($0.id) }
    }
    for kept in pending where kept.run.notBefore <= now {
      guard running.count < settings.width else { return }
      guard !resting.contains(kept.run.job), let job = jobs.first(where: { $0.plan.name == kept.run.job }) else {
        continue
      }
      let instances = running.values.filter { $0.slot.job == kept.run.job }.count
      guard instances < job.plan.maxInstances, !isHeld(kept.run, by: pending) else { continue }
      guard try await store.begin(kept.id, at: now) else { continue }
      begin(job, kept)
      pending.removeAll { $0.id == kept.id }
    }
  }

  private mutating func begin(_ job: ScheduledJob, _ kept: StoredJobRun) {
    let slot = JobSlot(job: kept.run.job, dueAt: kept.run.dueAt, attempt: kept.run.attempts + 1)
    report(.began(slot))
    let attempt = JobAttempt(job: job, slot: slot, clock: clock)
    let sender = sender
    let id = kept.id
    let task = Task(executorPreference: executor) {
      let ending = await attempt.run()
      _ = sender.yield(.ended(id, ending))
    }
    running[id] = Running(slot: slot, task: task)
  }

  /// Whether a job that it comes after has a slot, due no later, that is not over.
  private func isHeld(_ run: JobRun, by pending: [StoredJobRun]) -> Bool {
    guard let plan = plans[run.job], !plan.after.isEmpty, let before = upstream[run.job] else { return false }
    return running.values.contains { before.contains($0.slot.job) && $0.slot.dueAt <= run.dueAt }
      || pending.contains { before.contains($0.run.job) && $0.run.dueAt <= run.dueAt }
  }

  mutating func end(_ id: Int64, _ ending: JobAttempt.Ending) async {
    guard let run = running.removeValue(forKey: id) else { return }
    mayBegin = true
    // What was cancelled by the stop of the host is to be run again, whatever it said at its end.
    if run.isCancelled, ending != .done(ending.detail) { return await putBack(id, run.slot) }
    let ended = Unrecorded(id: id, slot: run.slot, ending: ending, endedAt: clock.now())
    do throws(StoreError) { try await record(ended) } catch {
      report(.storeFailed(error))
      unrecorded.append(ended)
    }
  }

  /// Writes endings that the store did not take.
  mutating func recordAgain() async {
    while let ended = unrecorded.first {
      do throws(StoreError) { try await record(ended) } catch { return }
      unrecorded.removeFirst()
      mayBegin = true
    }
  }

  private mutating func record(_ ended: Unrecorded) async throws(StoreError) {
    let (slot, now) = (ended.slot, ended.endedAt)
    switch ended.ending {
    case .done(let detail):
      let followers = jobs.filter { job in
        if case .following(slot.job) = job.plan.timing { true } else { false }
      }
      try await store.finish(
        ended.id, .done, detail: detail, followers: followers.map(\.plan.name), at: now)
      report(.done(slot, detail: detail))
    case .failed, .cancelled:
      let reason = ended.ending.detail ?? "it was cancelled"
      guard let plan = plans[slot.job], slot.attempt <= plan.retries.count else {
        try await store.finish(ended.id, .failed, detail: reason, at: now)
        return report(.failed(slot, reason: reason))
      }
      let again = now.advanced(by: plan.retries.delay(after: slot.attempt))
      try await store.putBack(ended.id, detail: reason, notBefore: again, countingAttempt: true)
      report(.willRetry(slot, reason: reason, at: again))
    }
  }

  func putBack(_ id: Int64, _ slot: JobSlot) async {
    do throws(StoreError) {
      try await store.putBack(id, detail: "the host stopped", notBefore: clock.now(), countingAttempt: false)
    } catch {
      // It stays running there, and is found at the next start.
      report(.storeFailed(error))
    }
    report(.released(slot))
  }
}

extension JobAttempt.Ending {
  var detail: String? {
    switch self {
    case .done(let detail): detail
    case .failed(let reason): reason
    case .cancelled: nil
    }
  }
}
