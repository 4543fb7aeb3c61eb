import Engine
import HTTPAPI
import Pipelines
import Storage
import Trading

/// What is to run, and what is to go out.
extension APIRoutes {
  var schedule: [Endpoint] {
    let job = Schema.fields([
      ("name", Schema.text), ("job", Schema.text), ("when", Schema.text), ("after", Schema.list(Schema.text)),
      ("misfire", Schema.text), ("next", Schema.list(Schema.moment)), ("paused_at", Schema.optional("string")),
      ("last_run", .object([("type", .array(["object", "null"]))])),
    ])
    let changed = Schema.fields([("job", Schema.text), ("state", Schema.text)])
    func change(
      _ word: String, _ id: String, _ summary: String, status: Int,
      _ body: @escaping @Sendable (APIContext, String) async throws -> String
    ) -> Endpoint {
      Endpoint(
        .post, "/api/v1/schedule/{job}/\(word)", .role(.operate), id, summary, content: .json(changed),
        answer: place.at { context, request in
          let name = request.path["job"] ?? ""
          let state = try await HostChanges.job(context, name, body)
          return .json(.object([("job", .string(name)), ("state", .string(state))]), status: status)
        }
      ).with {
        $0.group = "schedule"
        $0.status = status
        $0.problems = [409]
      }
    }
    return [
      Endpoint(
        .get, "/api/v1/schedule", .role(.read), "listJobs", "Jobs with their next runs, the last one, and which rest.",
        content: .json(Schema.fields([("from", Schema.moment), ("jobs", Schema.list(job))])),
        answer: place.at { context, request in
          let items = context.configuration.schedule
          let pauses = try await context.store.pauses()
          var runs: [String: JobRun] = [:]
          for item in items { runs[item.plan.name] = try await context.store.lastRun(of: item.plan.name) }
          let standing = ScheduleListing.Standing(pauses: pauses, runs: runs)
          return .json(
            ScheduleListing(items, after: context.now, count: request.integer("next") ?? 3, standing: standing).json
          ).with("Cache-Control", "no-store")
        }
      ).with {
        $0.group = "schedule"
        $0.query = [QueryParameter("next", .integer(1...100), "How many runs of each job. Default: 3")]
      },
      change("run", "runJob", "Runs a job now, beside its times.", status: 202, HostChanges.run),
      change(
        "pause", "pauseJob", "Lets a job rest: its times pass, and what runs goes on.", status: 200, HostChanges.pause),
      change("resume", "resumeJob", "Lets a job go on with its next time.", status: 200, HostChanges.resume),
    ]
  }

  var outbox: [Endpoint] {
    let changed = Schema.fields([
      (
        "messages",
        Schema.list(
          Schema.fields([("number", Schema.integer), ("channel", Schema.text), ("changed", Schema.flag)]))
      )
    ])
    func change(
      _ word: String, _ id: String, _ summary: String,
      _ body: @escaping HostChanges.OfMessage
    ) -> Endpoint {
      Endpoint(
        .post, "/api/v1/outbox/{id}/\(word)", .role(.operate), id, summary, content: .json(changed),
        answer: place.at { context, request in
          let all = try await HostChanges.message(context, request.path["id"] ?? "", body)
          let rows = all.map { entry, isChanged in
            JSONValue.object([
              ("number", .number(Double(entry.id))), ("channel", .string(entry.notice.channel)),
              ("changed", .bool(isChanged)),
            ])
          }
          let count = all.count(where: \.isChanged)
          return .json(.object([("messages", .array(rows))])).noting("\(count) of \(all.count)")
        }
      ).with {
        $0.group = "outbox"
        $0.problems = [409]
      }
    }
    return [
      Endpoint(
        .get, "/api/v1/outbox", .role(.read), "listMessages", "Messages, the latest first, and how many of each state.",
        content: .json(Schema.fields([("messages", Schema.list(Schema.object)), ("counts", Schema.object)])),
        answer: place.at { context, request in
          let states = request.list("states").compactMap { OutboxEntry.State(rawValue: $0) }
          let entries = try await context.store.entries(in: states, limit: request.integer("limit") ?? 50)
          return .json(OutboxListing.json(entries, try await context.store.counts()))
        }
      ).with {
        $0.group = "outbox"
        $0.query = [
          QueryParameter("states", .list(OutboxEntry.State.allCases.map(\.rawValue)), "States; without one, all."),
          APIRoutes.limit,
        ]
        $0.mark = place.mark
      },
      change(
        "retry", "retryMessage", "Makes a message due again that is unknown, parked, dead or dropped.",
        HostChanges.retry),
      change(
        "drop", "dropMessage", "Takes out a message that is pending, parked, unknown or dead.", HostChanges.drop),
    ]
  }

  var reload: [Endpoint] {
    let plan = Schema.fields([
      ("bars", Schema.integer), ("changes", Schema.flag), ("strategies", Schema.list(Schema.object)),
    ])
    @Sendable func listing(_ context: APIContext, bars: Int) async throws -> String {
      let live = try LiveWorkspace(context.workspace)
      let running = try await live.running(context.store)
      let prices = try live.bars(context.store, for: running + live.found.compactMap(\.strategy))
      return await PlanListing(
        plan: ReloadPlan(running: running, found: live.found, over: prices, bars: bars), bars: bars
      ).json
    }
    return [
      Endpoint(
        .get, "/api/v1/reload", .role(.read), "planReload",
        "What the strategies' files would change in what runs, without changing it.", content: .json(plan),
        answer: place.at { context, request in .json(try await listing(context, bars: request.integer("bars") ?? 250)) }
      ).with {
        $0.group = "reload"
        $0.problems = [422]
        $0.query = [QueryParameter("bars", .integer(1...10_000), "Bars of each symbol that are compared. Default: 250")]
      },
      Endpoint(
        .post, "/api/v1/reload", .role(.admin), "applyReload",
        "Reads configuration and strategies again, as SIGHUP does; answers what the strategies' files change.",
        content: .json(plan),
        answer: place.at { context, _ in
          let text = try await listing(context, bars: 250)
          context.reload()
          return .json(text, status: 202)
        }
      ).with {
        $0.group = "reload"
        $0.status = 202
        $0.problems = [422]
      },
    ]
  }

  var stream: [Endpoint] {
    [
      Endpoint(
        .get, "/api/v1/events", .role(.read), "listen",
        "What happens, as it happens (Server-Sent Events): signal, correction, job, message, backtest, reload. "
          + "With Last-Event-ID it goes on behind that; reset says that something between is not known any more.",
        content: .events,
        answer: place.at { context, request in
          Answer(
            type: "text/event-stream", body: .stream(try context.activity.events.listen(after: request.lastEvent))
          ).with("Cache-Control", "no-store").with("X-Accel-Buffering", "no")
        }
      ).with { $0.isQuick = true }
    ]
  }
}
