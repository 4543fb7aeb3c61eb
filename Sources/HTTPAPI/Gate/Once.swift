import Synchronization
import Trading

/// When it was last looked.
final class LastLook: Sendable {
  private let at: Mutex<Instant>

  init(_ moment: Instant) { at = Mutex(moment) }

  func isDue(at moment: Instant, after length: Int64) -> Bool {
    at.withLock { last in
      guard moment >= last.advanced(by: length) else { return false }
      last = moment
      return true
    }
  }
}

/// A continuation that the first of two resumes.
final class Once: Sendable {
  private let waiting: Mutex<CheckedContinuation<Answer, any Error>?>

  init(_ continuation: CheckedContinuation<Answer, any Error>) { waiting = Mutex(continuation) }

  @discardableResult
  func end(_ result: Result<Answer, any Error>) -> Bool {
    let continuation = waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
    continuation?.resume(with: result)
    return continuation != nil
  }
}
