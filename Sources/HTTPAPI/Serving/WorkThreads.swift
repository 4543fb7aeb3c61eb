import Dispatch
import Synchronization

/// Threads of their own for tasks: what runs on them takes none from the rest of the program, and what occupies the rest
/// does not keep them waiting.
public final class WorkThreads: TaskExecutor {
  private let queues: [DispatchQueue]
  private let turn = Atomic<Int>(0)

  /// - Parameter count: How many tasks run at one time.
  public init(_ name: String, count: Int = 1) {
    queues = (0..<max(1, count)).map { DispatchQueue(label: "finstage.\(name).\($0)") }
  }

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    let place = turn.wrappingAdd(1, ordering: .relaxed).oldValue
    queues[Int(UInt(bitPattern: place) % UInt(queues.count))].async { job.runSynchronously(on: executor) }
  }
}

/// Where requests are answered.
public struct APIThreads: Sendable {
  /// Connections, and answers that are there at once.
  public let quick = WorkThreads("api")
  /// Answers that take work.
  public let slow = WorkThreads("work", count: 2)
  /// Checks of signed messages, however many come.
  public let signed = WorkThreads("signed")

  public init() {}
}
