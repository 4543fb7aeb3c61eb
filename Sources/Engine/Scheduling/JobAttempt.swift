import Trading

/// One attempt at a slot, with its timeout.
struct JobAttempt: Sendable {
  enum Ending: Hashable, Sendable {
    case done(String?)
    case failed(String)
    /// The work ended because it was cancelled.
    case cancelled
  }

  let job: ScheduledJob
  let slot: JobSlot
  let clock: any HostClock

  /// Runs the work and waits for its end, after a timeout too: a job never runs beside its own remains.
  func run() async -> Ending {
    guard let timeout = job.plan.timeout else { return await work() }
    let end = clock.now().advanced(by: timeout)
    return await withTaskGroup(of: Ending?.self) { group in
      group.addTask { await work() }
      group.addTask {
        do { try await clock.sleep(until: end) } catch { return nil }
        return .failed("it took longer than \(timeout.asLength), its timeout")
      }
      var first: Ending?
      while let ending = await group.next() {
        guard first == nil, let ending else { continue }
        first = ending
        group.cancelAll()
      }
      return first ?? .cancelled
    }
  }

  private func work() async -> Ending {
    do {
      return .done(try await job.work(slot))
    } catch is CancellationError {
      return .cancelled
    } catch {
      return .failed("\(error)")
    }
  }
}
