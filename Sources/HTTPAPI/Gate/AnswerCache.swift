import Storage
import Synchronization

/// Answers that still hold, by what was asked: each is worked out once for a state of what it is made of, and once for all
/// who ask at the same time.
///
/// It stands behind everything that lets a request in. The least used go where there are too many.
final class AnswerCache: Sendable {
  /// What tells one question from another. The role is part of it, so that nobody reads what another role was told.
  struct Question: Hashable, Sendable {
    let operation: String
    let path: [String: String]
    let query: [String: String]
    let role: AccessRole
  }

  /// Bytes of answers, and their number, at most.
  static let most = 16 << 20
  static let mostAnswers = 1_000
  /// A longer one would push out too many others.
  static let longest = most / 8

  private struct Kept {
    let answer: Answer
    let size: Int
    var usedAt: UInt64
  }

  /// One that is being worked out.
  private struct Making {
    let number: UInt64
    let mark: AnswerMark
    let task: Task<Answer, any Error>
    var waiting: Int
  }

  private struct State {
    /// What all that is kept was made of.
    var mark: AnswerMark?
    var kept: [Question: Kept] = [:]
    var size = 0
    var making: [Question: Making] = [:]
    var turn: UInt64 = 0
  }

  private let state = Mutex(State())
  private let executor: any TaskExecutor

  /// - Parameter executor: Where answers are worked out.
  init(on executor: any TaskExecutor) { self.executor = executor }

  /// Answers that are kept, and their bytes.
  var filling: (count: Int, size: Int) { state.withLock { ($0.kept.count, $0.size) } }

  /// The answer that is kept; nil where there is none that holds.
  func answer(to question: Question, _ mark: AnswerMark) -> Answer? {
    state.withLock { state in
      AnswerCache.look(at: mark, &state)
      state.turn += 1
      state.kept[question]?.usedAt = state.turn
      return state.kept[question]?.answer
    }
  }

  /// The answer, worked out unless somebody does so already.
  func answer(
    to question: Question, _ mark: AnswerMark, by make: @escaping @Sendable () async throws -> Answer
  ) async throws -> Answer {
    let (number, task) = state.withLock { state -> (UInt64, Task<Answer, any Error>) in
      if let making = state.making[question], making.mark == mark {
        state.making[question]?.waiting += 1
        return (making.number, making.task)
      }
      if state.mark == nil { state.mark = mark }
      state.turn += 1
      let number = state.turn
      let task = Task(executorPreference: executor) {
        defer { self.state.withLock { if $0.making[question]?.number == number { $0.making[question] = nil } } }
        var answer = try await make()
        if AnswerCache.mayBeKept(answer) {
          answer.forms = AnswerForms()
          self.keep(answer, to: question, mark)
        }
        return answer
      }
      state.making[question] = Making(number: number, mark: mark, task: task, waiting: 1)
      return (number, task)
    }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      leave(question, number)
    }
  }

  /// Where the last one goes who waits, the work is given up.
  private func leave(_ question: Question, _ number: UInt64) {
    let task = state.withLock { state -> Task<Answer, any Error>? in
      guard let making = state.making[question], making.number == number else { return nil }
      state.making[question]?.waiting -= 1
      guard making.waiting <= 1 else { return nil }
      state.making[question] = nil
      return making.task
    }
    task?.cancel()
  }

  /// Another mark: nothing that was kept holds any more.
  private static func look(at mark: AnswerMark, _ state: inout State) {
    guard state.mark != mark else { return }
    state.mark = mark
    state.kept = [:]
    state.size = 0
  }

  private func keep(_ answer: Answer, to question: Question, _ mark: AnswerMark) {
    guard case .bytes(let bytes) = answer.body, bytes.count <= AnswerCache.longest else { return }
    // With room for its other form, and for what it is found by.
    let size = 2 * bytes.count + 1_000
    state.withLock { state in
      // Made of what is not so any more.
      guard state.mark == mark else { return }
      if let old = state.kept[question] { state.size -= old.size }
      state.turn += 1
      state.kept[question] = Kept(answer: answer, size: size, usedAt: state.turn)
      state.size += size
      while state.size > AnswerCache.most || state.kept.count > AnswerCache.mostAnswers {
        guard let oldest = state.kept.min(by: { $0.value.usedAt < $1.value.usedAt }) else { return }
        state.kept[oldest.key] = nil
        state.size -= oldest.value.size
      }
    }
  }

  /// A whole answer that says nothing else of how long it holds, and nothing to this caller alone.
  private static func mayBeKept(_ answer: Answer) -> Bool {
    answer.status == 200 && !answer.headers.contains { ["Cache-Control", "Set-Cookie"].contains($0.name) }
  }
}
