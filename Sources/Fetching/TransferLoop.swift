internal import CCurl
internal import PluginKit
internal import Synchronization

/// One thread on which libcurl moves all transfers at once, with its connections kept for the next request. Swift's own
/// threads never wait for a network. The thread starts with the first request and ends with the loop.
public final class TransferLoop: Sendable {
  private let core = TransferCore()
  private let calls: (@Sendable (Int) -> Void)?

  /// - Parameter calls: Told of +1 when a transfer begins, and of −1 when its answer is there, on the caller's thread.
  public init(calls: (@Sendable (Int) -> Void)? = nil) { self.calls = calls }

  deinit { core.stop() }

  /// Cancelling the task aborts the transfer.
  func run<Work: LoopTransfer>(_ transfer: Work) async -> Result<Work.Answer, Work.Failure> {
    calls?(1)
    defer { calls?(-1) }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { core.start(TransferJob(transfer: transfer, continuation: $0)) }
    } onCancel: {
      transfer.noteCancelled()
      core.lookAgain()
    }
  }
}

/// What a `TransferLoop` moves: one handle of libcurl, from its start to its answer. All but the first two is called on
/// the loop's thread.
protocol LoopTransfer: AnyObject, Sendable {
  associatedtype Answer: Sendable
  associatedtype Failure: Error

  func noteCancelled()
  var isToEnd: Bool { get }
  /// The handle, set up; called once.
  func start() throws(Failure) -> UnsafeMutableRawPointer
  /// What came of it, once libcurl has ended it and no longer holds its handle.
  func end(_ code: CURLcode) -> Result<Answer, Failure>
  /// Ends it before its time, once libcurl no longer holds its handle.
  func cancel() -> Failure
  /// Where nothing has been sent and nothing will be.
  func failure(_ sentence: String) -> Failure
}

/// A transfer and who waits for it.
protocol LoopJob: Sendable {
  var isToEnd: Bool { get }
  /// The handle to be moved; nil where it cannot be, and who waits has been told.
  func start() -> UnsafeMutableRawPointer?
  func end(_ code: CURLcode)
  func cancel()
  func fail(_ sentence: String)
}

private struct TransferJob<Work: LoopTransfer>: LoopJob {
  let transfer: Work
  let continuation: CheckedContinuation<Result<Work.Answer, Work.Failure>, Never>

  var isToEnd: Bool { transfer.isToEnd }

  func start() -> UnsafeMutableRawPointer? {
    do throws(Work.Failure) {
      return try transfer.start()
    } catch {
      continuation.resume(returning: .failure(error))
      return nil
    }
  }

  func end(_ code: CURLcode) { continuation.resume(returning: transfer.end(code)) }
  func cancel() { continuation.resume(returning: .failure(transfer.cancel())) }
  func fail(_ sentence: String) { continuation.resume(returning: .failure(transfer.failure(sentence))) }
}

/// What the loop and its thread share.
final class TransferCore: Sendable {
  /// Unchecked: the pointer goes to the loop's thread alone, but for curl_multi_wakeup, which is made for any thread and
  /// is called under the lock under which the handle is given up.
  private struct Multi: @unchecked Sendable { let handle: UnsafeMutableRawPointer }

  private struct State {
    var waiting: [any LoopJob] = []
    var hasThread = false
    var isStopped = false
    var multi: Multi?
  }

  private let state = Mutex(State())

  func start(_ job: any LoopJob) {
    let mustStart = state.withLock { state in
      state.waiting.append(job)
      defer { state.hasThread = true }
      return !state.hasThread
    }
    guard mustStart else { return lookAgain() }
    let context = Unmanaged.passRetained(self).toOpaque()
    let runs = ccurl_start_thread(
      { context in if let context { Unmanaged<TransferCore>.fromOpaque(context).takeRetainedValue().run() } }, context)
    if !runs {
      Unmanaged<TransferCore>.fromOpaque(context).release()
      giveUp("the system gives no thread for requests")
    }
  }

  func lookAgain() {
    state.withLock { if let multi = $0.multi { _ = ccurl_multi_wakeup(multi.handle) } }
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    lookAgain()
  }

  /// Answers all that wait; the next request starts anew.
  private func giveUp(_ sentence: String) {
    let jobs = state.withLock { state in
      state.hasThread = false
      defer { state.waiting = [] }
      return state.waiting
    }
    for job in jobs { job.fail(sentence) }
  }

  // MARK: The thread

  private func run() {
    if let missing = ccurl_load() { return giveUp(String(cString: missing)) }
    guard let multi = ccurl_multi_init() else { return giveUp("there is no memory for requests") }
    state.withLock { $0.multi = Multi(handle: multi) }
    var active: [UnsafeMutableRawPointer: any LoopJob] = [:]
    while true {
      let (started, isStopped) = state.withLock { state in
        defer { state.waiting = [] }
        return (state.waiting, state.isStopped)
      }
      for job in started { begin(job, multi, &active) }
      for (easy, job) in active where isStopped || job.isToEnd {
        _ = ccurl_multi_remove(multi, easy)
        active[easy] = nil
        job.cancel()
      }
      if isStopped { break }
      _ = ccurl_multi_perform(multi)
      var code = CURLE_OK
      while let easy = ccurl_multi_ended(multi, &code) {
        _ = ccurl_multi_remove(multi, easy)
        guard let job = active.removeValue(forKey: easy) else { continue }
        job.end(code)
      }
      _ = ccurl_multi_poll(multi, 60_000)
    }
    state.withLock { $0.multi = nil }
    ccurl_multi_cleanup(multi)
  }

  private func begin(
    _ job: any LoopJob, _ multi: UnsafeMutableRawPointer, _ active: inout [UnsafeMutableRawPointer: any LoopJob]
  ) {
    guard let easy = job.start() else { return }
    if ccurl_multi_add(multi, easy) == CURLM_OK { active[easy] = job } else { job.fail("libcurl does not take it") }
  }
}
