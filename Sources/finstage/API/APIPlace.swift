import Engine
import HTTPAPI
import Logging
import Storage
import Synchronization
import Trading

/// What the API answers from: the host that runs now, and what outlives a change of the configuration.
struct APIContext: Sendable {
  let host: Host
  let activity: HostActivity
  let backtests: BacktestJobs
  let sweeps: SweepJobs
  /// Rung where jobs are asked for, or told to rest.
  let bell: SchedulerBell
  let channels: ChannelStates
  let inbound: InboundDesk
  /// Has the files read again.
  let reload: @Sendable () -> Void
  /// Connections that are open.
  let connections: @Sendable () -> Int

  var workspace: Workspace { host.workspace }
  var configuration: Configuration { host.configuration }
  var store: SQLiteStore { host.store }
  var now: Instant { host.surroundings.clock.now() }
}

/// Where the routes find the host that runs now.
final class APIPlace: Sendable {
  private let current = Mutex<(context: APIContext?, number: Int)>((nil, 0))

  var context: APIContext? {
    get { current.withLock { $0.context } }
    set { current.withLock { $0 = (newValue, $0.number + 1) } }
  }

  /// What answers are made of that come from the store and the configuration alone.
  var mark: @Sendable () -> AnswerMark? { mark { _ in true } }

  /// The same, where nothing else is read besides.
  func mark(where isAll: @escaping @Sendable (APIContext) -> Bool) -> @Sendable () -> AnswerMark? {
    {
      let (context, number) = self.current.withLock { $0 }
      guard let context, isAll(context) else { return nil }
      return context.store.changeMark().map { AnswerMark(configuration: number, store: $0) }
    }
  }

  /// An answer by the host that runs; what it says against the question is a problem for whoever asks.
  func at(
    _ body: @escaping @Sendable (APIContext, APIRequest) async throws -> Answer
  ) -> @Sendable (APIRequest) async throws -> Answer {
    { request in
      guard let context = self.context else {
        throw Problem(503, "the host is not running yet", headers: [["Retry-After", "1"]])
      }
      do {
        return try await body(context, request)
      } catch let failure as Failure {
        throw failure.code == .interrupted
          ? Problem(503, "the answer was given up") : Problem(422, LogText.line(failure.message))
      } catch let error as StoreError {
        HostMetrics.count("errors_total", [("part", "store")])
        throw Problem(503, "the store: \(LogText.line("\(error)"))")
      } catch is CancellationError {
        throw Problem(503, "the answer was given up")
      }
    }
  }
}

/// The server of a service: begun with the first configuration, begun anew where `api:` says something else.
actor WebService {
  let place = APIPlace()
  let activity: HostActivity
  let backtests: BacktestJobs
  let sweeps: SweepJobs
  /// They outlive a change of the configuration, and end with the program.
  let sessions = Sessions { count in
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
  let bell = SchedulerBell()
  private let log: Logger
  private let surroundings: Surroundings
  private var running: (settings: Configuration.API, server: APIServer)?
  private var pulse: Task<Void, Never>?

  /// Milliseconds that requests in flight have when the server ends.
  static let patience: Int64 = 10_000

  init(log: Logger, in surroundings: Surroundings) {
    self.log = log
    self.surroundings = surroundings
    activity = HostActivity(now: surroundings.now)
    backtests = BacktestJobs(now: surroundings.now, events: activity.events)
    sweeps = SweepJobs(now: surroundings.now, events: activity.events)
  }

  /// Answers by this host from now on.
  func serve(_ host: Host, reload: @escaping @Sendable () -> Void) async throws(Failure) {
    let (log, activity, store) = (log, activity, host.store)
    let server = running?.server
    let channels = ChannelStates(host.configuration, host.store, in: surroundings)
    let inbound = InboundDesk(host, activity)
    func context(_ server: APIServer?) -> APIContext {
      APIContext(
        host: host, activity: activity, backtests: backtests, sweeps: sweeps, bell: bell, channels: channels,
        inbound: inbound, reload: reload,
        connections: { server?.connections ?? 0 })
    }
    place.context = context(server)
    guard running?.settings != host.configuration.api else { return }
    if let server {
      running = nil
      await server.stop(patience: WebService.patience, sleep: surroundings.sleep)
    }
    guard let settings = host.configuration.api else { return }
    let tokens = TokenCheck(
      digest: { try TokenSecret.digest($0) }, mark: place.mark, find: { try await store.token(digest: $0) })
    let dashboard = DashboardRoutes(
      place, signIn: .init(sessions: sessions, tokens: tokens, now: surroundings.now))
    let gate = Gate(
      settings.gate, routes: RouteTable(APIRoutes(place).all + dashboard.all), tokens: tokens,
      clock: APIClock(now: surroundings.now, sleep: surroundings.sleep), sessions: sessions,
      problemPage: { dashboard.problem($0, $1) },
      audit: { entry in
        do throws(StoreError) { try await store.note(entry) } catch { log.error("the audit: \(error)") }
      },
      observe: { one in
        activity.note(one)
        if let fault = one.fault { log.error("api: \(one.method) \(one.operation ?? ""): \(fault)") }
        if one.status == 401 || one.status == 403 {
          log.warning(
            "api: refused", metadata: ["status": "\(one.status)", "who": "\(one.caller?.actor ?? "nobody known")"])
        }
      })
    do throws(APIServer.Fault) {
      let server = try await APIServer(
        host: settings.host, port: settings.port, gate: gate, connections: settings.limits)
      running = (settings, server)
      place.context = context(server)
      let shown = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
      log.notice("api: http://\(shown):\(server.port)")
    } catch {
      throw Failure(.unusable, "\(error)")
    }
    if pulse == nil {
      let (events, sleep) = (activity.events, surroundings.sleep)
      pulse = Task {
        while (try? await sleep(EventHub.pulse)) != nil { events.beat() }
      }
    }
  }

  /// Lets requests in flight be answered, and ends.
  func stop() async {
    pulse?.cancel()
    activity.events.close()
    await backtests.stop()
    await sweeps.stop()
    if let server = running?.server {
      running = nil
      await server.stop(patience: WebService.patience, sleep: surroundings.sleep)
    }
    place.context = nil
  }
}
