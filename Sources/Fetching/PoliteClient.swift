public import PluginKit
internal import Synchronization
public import Trading

/// What a client allows itself towards one source.
public struct Politeness: Hashable, Sendable {
  public var rate: [RateWindow] = []
  /// Requests at once.
  public var concurrency = 2
  /// Further tries after one that failed in passing.
  public var retries = 3
  /// The longest that a request waits for its turn, or because the server says so, in milliseconds.
  public var longestWait: Int64 = 120_000
  public var backoff = Backoff()
  /// Requests that fail in a row, each with all its tries, before the server is left alone.
  public var failuresToOpen = 5

  public init() {}
}

/// One source's way to its server, shared by all who ask it: keeps to its rates and to so many requests at once, tries
/// again what fails in passing, waits as the server says, and leaves a server alone that keeps failing.
public final class PoliteClient: WebClient {
  private struct State {
    var windows: SlidingWindows
    var breaker: CircuitBreaker
    /// Whether the requests of earlier processes are counted.
    var remembers = false
  }

  private let client: any WebClient
  private let politeness: Politeness
  private let now: @Sendable () -> Instant
  private let sleep: @Sendable (_ milliseconds: Int64) async throws -> Void
  private let random: @Sendable () -> Double
  private let log: (any RequestLog)?
  private let semaphore: AsyncSemaphore
  private let recalling = AsyncSemaphore(1)
  private let state: Mutex<State>

  /// `sleep` throws where its task is cancelled; `random` gives numbers in 0 ..< 1. Without a `log` the counts live as
  /// long as this.
  public init(
    _ client: any WebClient, _ politeness: Politeness, now: @escaping @Sendable () -> Instant,
    sleep: @escaping @Sendable (_ milliseconds: Int64) async throws -> Void,
    random: @escaping @Sendable () -> Double, log: (any RequestLog)? = nil
  ) {
    self.client = client
    let isLong = politeness.rate.contains { $0.length >= RateWindow.shortestRemembered }
    self.log = isLong ? log : nil
    self.politeness = politeness
    self.now = now
    self.sleep = sleep
    self.random = random
    semaphore = AsyncSemaphore(politeness.concurrency)
    state = Mutex(
      State(
        windows: SlidingWindows(politeness.rate, longestWait: politeness.longestWait),
        breaker: CircuitBreaker(failures: politeness.failuresToOpen)))
  }

  public func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    guard await semaphore.enter() else { throw error(.cancelled, "the request was cancelled", request) }
    defer { semaphore.leave() }
    let permission = state.withLock { $0.breaker.ask(now: now()) }
    if case .denied(let wait) = permission {
      throw error(.open, "it has failed too often and is left alone for now", request, retryAfter: wait)
    }
    let outcome = await tries(request, most: permission == .probe ? 0 : politeness.retries)
    state.withLock { state in
      switch outcome {
      case .success(let response) where response.status >= 500: state.breaker.fail(now: now())
      case .success: state.breaker.succeed()
      case .failure(let error):
        switch error.cause {
        case .timeout, .connection, .malformed, .untrusted: state.breaker.fail(now: now())
        case .cancelled, .refused, .open, .badAddress, .forbiddenAddress:
          state.breaker.withdraw(permission, now: now())
        case .tooLarge, .tooManyRedirects: state.breaker.succeed()
        }
      }
    }
    return try outcome.get()
  }

  /// The first answer that is none of a fault in passing, or the last of all tries.
  private func tries(_ request: WebRequest, most: Int) async -> Result<WebResponse, WebError> {
    var tried = 0
    while true {
      let outcome: Result<WebResponse, WebError>
      do throws(WebError) {
        try await takeTurn(request)
        outcome = .success(try await client.send(request))
      } catch {
        outcome = .failure(error)
      }
      do throws(WebError) {
        guard let wait = try waitAfter(outcome, of: request, tried: tried, most: most) else { return outcome }
        try await pause(wait, request, mayHaveArrived: true)
      } catch {
        return .failure(error)
      }
      tried += 1
    }
  }

  /// Milliseconds before the next try; nil where there is to be none.
  private func waitAfter(
    _ outcome: Result<WebResponse, WebError>, of request: WebRequest, tried: Int, most: Int
  ) throws(WebError) -> Int64? {
    let backoff = politeness.backoff.wait(after: tried, random: random())
    // What is not idempotent may have been done although no answer came.
    let isIdempotent = request.isIdempotent
    switch outcome {
    case .failure(let error):
      let passes = [.timeout, .connection, .malformed].contains(error.cause)
      return passes && isIdempotent && tried < most ? backoff : nil
    case .success(let response):
      guard [429, 500, 502, 503, 504].contains(response.status) else { return nil }
      let said = RetryAfter.milliseconds(response.headers, now: now())
      if let said { state.withLock { $0.windows.pause(until: now().advanced(by: said)) } }
      if let said, said > politeness.longestWait {
        throw error(
          .refused, "it answers \(response.status) and asks to be left alone for \(said / 1_000) s", request,
          retryAfter: said, mayHaveArrived: ![429, 503].contains(response.status))
      }
      guard tried < most, isIdempotent || response.status == 429 else { return nil }
      return (said ?? 0) + backoff
    }
  }

  /// Waits until the rates admit a request.
  private func takeTurn(_ request: WebRequest) async throws(WebError) {
    try await recall(request)
    let now = now()
    switch state.withLock({ $0.windows.next(now: now) }) {
    case .in(let wait):
      // Noted before it goes: who is killed after that has counted it.
      try await log?.note(now.advanced(by: wait), forgetting: now.advanced(by: -longestWindow))
      try await pause(wait, request)
    case .tooLate(let wait):
      let seconds = (wait + 999) / 1_000
      throw error(
        .refused, "its allowance is used up: the next request may go in \(seconds) s", request, retryAfter: wait)
    }
  }

  private var longestWindow: Int64 { politeness.rate.map(\.length).max() ?? 0 }

  /// Counts what earlier processes asked, once.
  private func recall(_ request: WebRequest) async throws(WebError) {
    guard let log, !state.withLock({ $0.remembers }) else { return }
    guard await recalling.enter() else { throw error(.cancelled, "the request was cancelled", request) }
    defer { recalling.leave() }
    guard !state.withLock({ $0.remembers }) else { return }
    let earlier = try await log.requests(since: now().advanced(by: -longestWindow))
    state.withLock { state in
      state.windows.remember(earlier)
      state.remembers = true
    }
  }

  private func pause(
    _ milliseconds: Int64, _ request: WebRequest, mayHaveArrived: Bool = false
  ) async throws(WebError) {
    guard milliseconds > 0 else { return }
    do {
      try await sleep(milliseconds)
    } catch {
      throw self.error(.cancelled, "the request was cancelled", request, mayHaveArrived: mayHaveArrived)
    }
  }

  /// A sentence that names the server and shows no secret. `retryAfter` in milliseconds.
  private func error(
    _ cause: WebError.Cause, _ sentence: String, _ request: WebRequest, retryAfter: Int64? = nil,
    mayHaveArrived: Bool = false
  ) -> WebError {
    let authority = request.url.split(separator: "://").last?.prefix { !"/?#".contains($0) } ?? ""
    let server = authority.split(separator: "@").last ?? "the server"
    let message = request.withoutSecrets("\(server): \(sentence)")
    return WebError(
      cause, message, retryAfter: retryAfter.map { Double($0) / 1_000 }, mayHaveArrived: mayHaveArrived)
  }
}
