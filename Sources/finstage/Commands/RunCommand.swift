import ArgumentParser
import Instrumentation
import Logging
import ServiceLifecycle
import Trading
import UnixSignals

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "The service: fetches, evaluates and tells as the schedule says, until it is stopped.",
    discussion: """
      SIGTERM or Ctrl-C lets running jobs end and exits with 0; a second one ends at once. SIGHUP, or a change of a file,
      reads the configuration and the strategies again: where one is faulty, what ran goes on. --dry-run works on a copy of
      the database, and stores and sends nothing.
      Exits with 3 where the configuration cannot be used.
      """)

  @OptionGroup var config: ConfigOption
  @Flag(help: "Stores and sends nothing.")
  var dryRun = false
  @Option(help: "Symbols that are evaluated at one time, 1 to 64.")
  var jobs: Int?
  @Option(help: "The least that is logged: debug, info, notice, warning, error.")
  var logLevel = "info"
  @Option(help: "How it is logged: text for people, json for collectors (a line each, in the fields of ECS).")
  var logFormat = LogFormat.text
  @Option(
    help: ArgumentHelp("Appends spans of jobs, requests and messages to a file, as OTLP/JSON lines.", valueName: "FILE")
  )
  var traces: String?

  func validate() throws {
    if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs is 1 to 64; found \(jobs)") }
    if Logger.Level(rawValue: logLevel) == nil {
      throw ValidationError("--log-level \"\(logLevel)\": write debug, info, notice, warning or error")
    }
  }

  func run() async throws {
    let secrets = LogSecrets()
    var log = Logger(label: "finstage") { handler($0, secrets) }
    log.logLevel = Logger.Level(rawValue: logLevel) ?? .info
    // The group's own words are for those who build services.
    var quiet = Logger(label: "finstage.services") { handler($0, secrets) }
    quiet.logLevel = .error
    if let traces { InstrumentationSystem.bootstrap(try SpanFile(path: traces, without: secrets)) }
    let (reloads, reload) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let service = HostService(
      option: config, isDry: dryRun, jobs: jobs ?? Terminal.processors, log: log,
      notice: ServiceNotice(address: Terminal.environment("NOTIFY_SOCKET")), reloads: reloads, secrets: secrets)
    var group = ServiceGroupConfiguration(
      services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
    group.maximumGracefulShutdownDuration = .seconds(40)
    let signals = Task {
      var stops = 0
      for await signal in await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint) {
        if signal == .sighup {
          reload.yield()
        } else {
          stops += 1
          if stops > 1 { Terminal.exit(.interrupted) }
        }
      }
    }
    defer { signals.cancel() }
    try await ServiceGroup(configuration: group).run()
  }

  private func handler(_ label: String, _ secrets: LogSecrets) -> LineLogHandler {
    // Machines tell apart what people need not.
    let isFine = logFormat == .json
    let now: @Sendable () -> Instant = { isFine ? SystemClock().now() : Terminal.now }
    return LineLogHandler(label, logFormat.form, without: secrets, now: now, write: { Terminal.show($0) })
  }
}

extension LogFormat: ExpressibleByArgument {}
