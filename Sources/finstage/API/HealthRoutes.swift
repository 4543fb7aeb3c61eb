import Engine
import HTTPAPI
import Pipelines
import Storage
import Trading

/// How the host is.
extension APIRoutes {
  /// Milliseconds without a turn of the scheduler after which it is not said to work; it turns at least once a minute.
  private static let patience: Int64 = 180_000

  var health: [Endpoint] {
    let word = Schema.fields([("status", Schema.text)])
    let service = Schema.fields([("status", Schema.words(["up", "down", "off"])), ("detail", Schema.text)])
    return [
      Endpoint(
        .get, "/health/live", .open, "getLive", "Whether the process answers.", content: .json(word)
      ) { _ in .json(.object([("status", "live")])).with("Cache-Control", "no-store") }.with { $0.isQuick = true },
      Endpoint(
        .get, "/health/ready", .open, "getReady",
        "Whether it does its work: the database answers, the scheduler turns.",
        content: .json(word),
        answer: place.at { context, _ in
          let (database, scheduler) = (await APIRoutes.database(context), APIRoutes.scheduler(context))
          guard database.isUp, scheduler.isUp else {
            let faults = [("database", database), ("scheduler", scheduler)].filter { !$0.1.isUp }
            throw Problem(503, "not ready: \(faults.map(\.0).joined(separator: ", "))")
          }
          return .json(.object([("status", "ready")])).with("Cache-Control", "no-store")
        }
      ).with { $0.isQuick = true },
      Endpoint(
        .get, "/health", .role(.read), "getHealth", "Everything: services as they were found now, features, figures.",
        content: .json(
          Schema.fields([
            ("status", Schema.words(["healthy", "degraded", "unhealthy"])), ("timestamp", Schema.moment),
            (
              "services",
              Schema.fields([("database", service), ("telegram_bot", service), ("scheduler", service)])
            ), ("features", Schema.list(Schema.text)), ("performance", Schema.object),
          ])), answer: place.at { context, _ in try await APIRoutes.everything(context) }
      ).with { $0.isQuick = true },
      Endpoint(
        .get, "/metrics", .role(.read), "getMetrics", "Metrics as Prometheus reads them.",
        content: .text("text/plain"),
        answer: place.at { context, _ in
          context.activity.measure(
            database: context.workspace.database.path, outbox: try await context.store.counts(),
            connections: context.connections(), backtests: await context.backtests.unended)
          return .text(HostMetrics.registry.exposition(), type: "text/plain; version=0.0.4; charset=utf-8")
            .with("Cache-Control", "no-store")
        }
      ).with { $0.isQuick = true },
    ]
  }

  typealias Finding = (isUp: Bool, detail: String)

  static func database(_ context: APIContext) async -> Finding {
    do throws(StoreError) {
      let bytes = ProcessUsage.size(ofDatabase: context.workspace.database.path)
      let series = try await context.store.coverages().count
      return (true, "answers; \(bytes) bytes, \(series) series of prices")
    } catch {
      return (false, LogText.line("\(error)"))
    }
  }

  static func scheduler(_ context: APIContext) -> Finding {
    guard let turned = context.activity.turnedAt else { return (false, "it has not looked at the clock yet") }
    let age = context.now.milliseconds - turned.milliseconds
    guard abs(age) <= patience else { return (false, "it last looked at the clock at \(turned)") }
    return (true, "\(context.configuration.schedule.count) jobs; it last looked at the clock at \(turned)")
  }

  private static func everything(_ context: APIContext) async throws -> Answer {
    func json(_ status: String, _ detail: String) -> JSONValue {
      .object([("status", .string(status)), ("detail", .string(detail))])
    }
    func json(_ finding: Finding) -> JSONValue { json(finding.isUp ? "up" : "down", finding.detail) }
    let (database, scheduler) = (await APIRoutes.database(context), APIRoutes.scheduler(context))
    let channels = await context.channels.states()
    let bots = channels.filter { $0.type == "telegram" }
    let ears = context.activity.commands.all
    let isHeard = ears.allSatisfy(\.state.isUp)
    let bot =
      bots.isEmpty
      ? json("off", "no channel of the type telegram is configured")
      : json(
        bots.allSatisfy(\.isUp) && isHeard ? "up" : "down",
        (bots.map { "\($0.name): \($0.detail)" } + ears.map { "\($0.source): \($0.state.detail)" })
          .joined(separator: "; "))
    let isWell = channels.allSatisfy(\.isUp) && isHeard && context.activity.resources.over.isEmpty
    let status = !database.isUp || !scheduler.isUp ? "unhealthy" : isWell ? "healthy" : "degraded"
    return .json(
      .object([
        ("status", .string(status)), ("timestamp", .string("\(context.now)")),
        (
          "services",
          .object([
            ("database", json(database)), ("telegram_bot", bot), ("scheduler", json(scheduler)),
            ("channels", .object(channels.map { ($0.name, json($0.isUp ? "up" : "down", $0.detail)) })),
          ])
        ), ("features", .array(features(context).map { .string($0) })), ("performance", try await figures(context)),
      ])
    ).with("Cache-Control", "no-store")
  }

  /// What this host does, by its configuration.
  private static func features(_ context: APIContext) -> [String] {
    let configuration = context.configuration
    let jobs = Set(configuration.schedule.map(\.job.rawValue)).sorted().map { "job \($0)" }
    var features = jobs + ["signals", "backtests", "explanations", "outcomes"]
    if !configuration.sources.isEmpty { features.append("prices of \(configuration.sources.count) sources") }
    if !configuration.inbound.isEmpty { features.append("signals of \(configuration.inbound.count) sources outside") }
    if !configuration.feeds.isEmpty { features.append("news of \(configuration.feeds.count) feeds") }
    features += (configuration.channelNames ?? []).map { "channel \($0)" }
    return features
  }

  private static func figures(_ context: APIContext) async throws -> JSONValue {
    func seconds(_ milliseconds: Int64?) -> JSONValue { milliseconds.map { .number(Double($0) / 1_000) } ?? .null }
    func number(_ value: Int?) -> JSONValue { value.map { .number(Double($0)) } ?? .null }
    let usage = ProcessUsage.now
    let counts = try await context.store.counts()
    let jobs = context.activity.jobs.sorted { $0.key < $1.key }.map { name, job in
      (
        name,
        JSONValue.object([
          ("runs", number(job.runs)), ("successes", number(job.runs - job.failures)),
          ("failures", number(job.failures)), ("min_seconds", seconds(job.least)),
          ("max_seconds", seconds(job.most)), ("last_seconds", seconds(job.last)),
          ("last_success", job.succeededAt.map { .string("\($0)") } ?? .null),
        ])
      )
    }
    let levels = context.activity.resources.levels(at: context.now, database: context.workspace.database.path)
    let over = context.activity.resources.over
    return .object([
      ("uptime_seconds", seconds(context.now.milliseconds - context.activity.startedAt.milliseconds)),
      ("cpu_seconds", .number(usage.cpu)), ("memory_bytes", number(usage.memory)),
      ("open_descriptors", number(usage.descriptors)),
      ("store_bytes", number(ProcessUsage.size(ofDatabase: context.workspace.database.path))),
      ("signals_since_start", number(context.activity.signals)),
      ("outbox", .object(OutboxEntry.State.allCases.map { ($0.rawValue, number(counts[$0] ?? 0)) })),
      (
        "resources",
        .object(
          Resource.allCases.filter(\.isShare).map { ($0.rawValue, levels[$0].map { .number($0) } ?? .null) }
            + [("over_limit", .array(over.map { .string($0.rawValue) }))])
      ), ("jobs", .object(jobs)),
    ])
  }
}
