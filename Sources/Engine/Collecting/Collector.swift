public import Trading

/// Runs back-fills side by side: one that fails never stops the others.
public struct Collector: Sendable {
  /// What is to be brought, and how far back.
  public struct Task: Sendable {
    public let backfill: Backfill
    public let start: Instant

    public init(_ backfill: Backfill, from start: Instant) {
      self.backfill = backfill
      self.start = start
    }
  }

  private let tasks: [Task]
  private let width: Int

  /// - Parameter width: Back-fills at one time; each source's client has bounds of its own besides.
  public init(_ tasks: [Task], width: Int = 8) {
    self.tasks = tasks
    self.width = max(1, width)
  }

  /// The answers in the order of the tasks. Cancelled, it ends soon, and what had been brought is kept.
  ///
  /// - Parameters:
  ///   - step: Called with a task's place and the share of it that is done.
  ///   - done: Called when a back-fill has ended.
  public func run(
    step: @escaping @Sendable (Int, Double) -> Void = { _, _ in }, done: (Collected) -> Void = { _ in }
  ) async -> [Collected] {
    let tasks = tasks
    return await withTaskGroup(of: (Int, Collected).self) { group in
      var answers = [Collected?](repeating: nil, count: tasks.count)
      var next = 0
      func begin() {
        guard next < tasks.count else { return }
        let place = next
        next += 1
        group.addTask {
          let task = tasks[place]
          return (place, await task.backfill.run(from: task.start) { step(place, $0) })
        }
      }
      for _ in 0..<min(width, tasks.count) { begin() }
      while let (place, collected) = await group.next() {
        answers[place] = collected
        done(collected)
        begin()
      }
      return answers.compactMap { $0 }
    }
  }
}
