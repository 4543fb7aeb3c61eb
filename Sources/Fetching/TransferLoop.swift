internal import CCurl
internal import PluginKit
internal import Synchronization

/// One thread on which libcurl moves all transfers at once, with its connections kept for the next request. Swift's own
/// threads never wait for a network. The thread starts with the first request and ends with the loop.
public final class TransferLoop: Sendable {
  private let core = TransferCore()

  public init() {}

  deinit { core.stop() }

  /// Cancelling the task aborts the transfer.
  func run(_ transfer: Transfer) async -> Result<Transfer.Answer, WebError> {
    await withTaskCancellationHandler {
      await withCheckedContinuation { core.start(TransferCore.Job(transfer: transfer, continuation: $0)) }
    } onCancel: {
      transfer.isCancelled.store(true, ordering: .releasing)
      core.lookAgain()
    }
  }
}

/// What the loop and its thread share.
final class TransferCore: Sendable {
  struct Job: Sendable {
    let transfer: Transfer
    let continuation: CheckedContinuation<Result<Transfer.Answer, WebError>, Never>
  }

  /// Unchecked: the pointer goes to the loop's thread alone, but for curl_multi_wakeup, which is made for any thread and
  /// is called under the lock under which the handle is given up.
  private struct Multi: @unchecked Sendable { let handle: UnsafeMutableRawPointer }

  private struct State {
    var waiting: [Job] = []
    var hasThread = false
    var isStopped = false
    var multi: Multi?
  }

  private let state = Mutex(State())

  func start(_ job: Job) {
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
    for job in jobs {
      job.continuation.resume(returning: .failure(WebError(.connection, sentence, mayHaveArrived: false)))
    }
  }

  // MARK: The thread

  private func run() {
    if let missing = ccurl_load() { return giveUp(String(cString: missing)) }
    guard let multi = ccurl_multi_init() else { return giveUp("there is no memory for requests") }
    state.withLock { $0.multi = Multi(handle: multi) }
    var active: [UnsafeMutableRawPointer: Job] = [:]
    while true {
      let (started, isStopped) = state.withLock { state in
        defer { state.waiting = [] }
        return (state.waiting, state.isStopped)
      }
      for job in started { begin(job, multi, &active) }
      for (easy, job) in active where isStopped || job.transfer.isCancelled.load(ordering: .acquiring) {
        _ = ccurl_multi_remove(multi, easy)
        active[easy] = nil
        job.continuation.resume(returning: .failure(job.transfer.cancel()))
      }
      if isStopped { break }
      _ = ccurl_multi_perform(multi)
      var code = CURLE_OK
      while let easy = ccurl_multi_ended(multi, &code) {
        _ = ccurl_multi_remove(multi, easy)
        guard let job = active.removeValue(forKey: easy) else { continue }
        job.continuation.resume(returning: job.transfer.end(code))
      }
      _ = ccurl_multi_poll(multi, 60_000)
    }
    state.withLock { $0.multi = nil }
    ccurl_multi_cleanup(multi)
  }

  private func begin(_ job: Job, _ multi: UnsafeMutableRawPointer, _ active: inout [UnsafeMutableRawPointer: Job]) {
    do throws(WebError) {
      let easy = try job.transfer.start()
      guard ccurl_multi_add(multi, easy) == CURLM_OK else {
        throw job.transfer.error(.connection, "libcurl does not take the request", mayHaveArrived: false)
      }
      active[easy] = job
    } catch {
      job.continuation.resume(returning: .failure(error))
    }
  }
}
