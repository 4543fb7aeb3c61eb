import Engine
import Logging
import Notifications
import ServiceLifecycle
import Storage
import Synchronization
import Trading

/// The host under a service group: a configuration at a time, until it is told to stop.
struct HostService: Service {
  let option: ConfigOption
  let isDry: Bool
  let jobs: Int
  let log: Logger
  let notice: ServiceNotice
  /// A line for each time that the files are to be read again, whatever they look like.
  let reloads: AsyncStream<Void>
  /// What the log does not show.
  var secrets = LogSecrets()
  var surroundings = Surroundings.machine
  var scheduling = SchedulerSettings()
  var sending = DrainSettings()
  var listening = ListenerSettings()
  /// Whether this host is the one that hears commands, of several over one store. There is one today.
  var leads: @Sendable () async -> Bool = { true }
  /// Milliseconds between two looks at the files.
  var lookEvery: Int64 = 1_000

  /// Why a configuration is not served any more.
  private enum Ending: Sendable {
    case stopped
    case reconfigured(ConfigurationReading, [String])
    /// A part of the service has nothing more to do.
    case idle
  }

  func run() async throws {
    let copy = isDry ? try await StoreCopy(of: Workspace.sound(option)) : nil
    defer { copy?.remove() }
    let asked = Requests()
    let web = WebService(log: log, in: surroundings)
    var host = try await begin(ConfigurationReading(option), on: copy?.store, web)
    if isDry, host.configuration.api != nil { log.notice("api: a dry run is not asked over HTTP") }
    do {
      if !isDry { try await web.serve(host) { asked.note() } }
    } catch {
      try? host.store.close()
      throw error
    }
    await withTaskGroup(of: Void.self) { listening in
      // One listener over all configurations: a stream that was left once says nothing more.
      listening.addTask { for await _ in reloads { asked.note() } }
      var refused: ConfigurationSections?
      while case .reconfigured(let fresh, let changes) = await serve(host, asked, refused, web) {
        do throws(Failure) {
          host = try await next(after: host, fresh, changes, web)
          refused = nil
          web.activity.noteReload(changes)
        } catch {
          log.error("\(error.message)")
          break
        }
        if host.reading.sections != fresh.sections { refused = fresh.sections }
        do throws(Failure) {
          if !isDry { try await web.serve(host) { asked.note() } }
        } catch {
          log.error("\(error.message)")
        }
      }
      listening.cancelAll()
    }
    await web.stop()
    if copy == nil { try host.store.close() }
    log.notice("stopped")
  }

  /// A host that is at its last bars and has something to do.
  private func begin(
    _ reading: ConfigurationReading, on store: SQLiteStore?, _ web: WebService
  ) async throws -> Host {
    secrets.hide(reading.configuration.secrets)
    let host = try await Host(
      reading, at: option.path, store: store, isDry: isDry, jobs: jobs, log: log, activity: web.activity,
      in: surroundings)
    guard !schedule(host).jobs.isEmpty else {
      throw Failure(.unusable, "schedule: names no job that this version runs; write - { job: collect, every: 30m }")
    }
    return host
  }

  /// The host of another configuration, or one of the same again where the other cannot be run.
  private func next(
    after host: Host, _ fresh: ConfigurationReading, _ changes: [String], _ web: WebService
  ) async throws(Failure) -> Host {
    do {
      if let line = host.reading.needsRestart(for: fresh) { log.warning("\(line)") }
      try await fresh.workspace.keepInstruments(in: host.store)
      let next = try await begin(fresh, on: host.store, web)
      await next.tellTaken(changes, host.reading.needsRestart(for: fresh))
      return next
    } catch {
      let reason = (error as? Failure)?.message ?? "\(error)"
      do {
        let again = try await begin(host.reading, on: host.store, web)
        await again.tellFaulty([reason])
        return again
      } catch {
        throw (error as? Failure) ?? Failure(.unusable, "\(error)")
      }
    }
  }

  private func schedule(
    _ host: Host, bell: SchedulerBell? = nil, heard: @escaping @Sendable (SchedulerEvent) -> Void = { _ in }
  ) -> Schedule {
    Schedule(host, log, notice, settings: scheduling, in: surroundings, bell: bell, heard: heard)
  }

  /// Serves one configuration.
  private func serve(_ host: Host, _ asked: Requests, _ refused: ConfigurationSections?, _ web: WebService) async
    -> Ending
  {
    let heartbeat = isDry ? nil : host.configuration.heartbeat.map { Heartbeat($0, log, in: surroundings) }
    let activity = web.activity
    let schedule = schedule(host, bell: web.bell) { event in
      if case .turned(let moment) = event { heartbeat?.noteTurn(at: moment) }
      activity.note(event)
    }
    for line in schedule.passedOver { log.warning("\(line)") }
    let scheduler = schedule.scheduler
    let sending: Sending?
    let ears: [CommandListener]
    do {
      sending =
        isDry
        ? nil
        : try await Sending(
          host.configuration, host.store, log, settings: self.sending, in: surroundings
        ) { activity.note($0) }
      try await sending?.recover()
      ears =
        isDry
        ? [] : try await Listening(host, activity, log, settings: listening, leads: leads).listeners
    } catch {
      log.error("\((error as? Failure)?.message ?? "\(error)")")
      return .stopped
    }
    notice.say("READY=1", "STATUS=running")
    log.notice("running\(isDry ? ", dry: nothing is stored or sent" : ""); Ctrl-C or SIGTERM ends it")
    return await withTaskGroup(of: Ending.self) { group in
      group.addTask {
        await scheduler.run()
        return .stopped
      }
      // Where there is no channel, nothing is sent, and that is no reason to stop.
      if let sending, sending.hasChannels {
        group.addTask {
          await sending.drain.run()
          // Where there is no channel it has nothing to do, and the others go on.
          return .idle
        }
      }
      for ear in ears {
        group.addTask {
          await ear.run()
          return .idle
        }
      }
      if let heartbeat {
        group.addTask {
          await heartbeat.run()
          return .idle
        }
      }
      if let settings = host.configuration.resources {
        let watch = ResourceWatch(
          settings: settings, host: host, states: activity.resources, log: log, surroundings: surroundings)
        group.addTask {
          await watch.run()
          return .idle
        }
      }
      group.addTask { await watch(host, asked, refused) }
      group.addTask {
        try? await gracefulShutdown()
        return .stopped
      }
      // Told to stop, or cancelled: the scheduler lets what runs come to its end.
      var ending = Ending.stopped
      while let next = await group.next() {
        if case .idle = next { continue }
        ending = next
        break
      }
      let patience = "what runs has \(scheduling.patience / 1_000) seconds to end"
      if case .reconfigured = ending {
        log.notice("\(option.path) has changed; \(patience)")
      } else {
        notice.say("STOPPING=1")
        log.notice("stopping; \(patience)")
      }
      group.cancelAll()
      return ending
    }
  }

  /// Reads the files again when one has changed, or when asked to, until the configuration says something else.
  private func watch(_ host: Host, _ asked: Requests, _ refused: ConfigurationSections?) async -> Ending {
    let reading = host.reading
    func meant() -> [String] {
      [option.path] + ((try? reading.workspace.files([])) ?? []) + reading.configuration.templateFiles
    }
    var files = WatchedFiles(files: meant)
    // What changed while the host began.
    var isDue = true
    while !Task.isCancelled {
      if isDue {
        switch reading.look(option, refused: refused) {
        case .same: await host.tellFaulty(nil)
        case .faulty(let faults): await host.tellFaulty(faults)
        case .changed(let fresh, let changes): return .reconfigured(fresh, changes)
        }
        await host.reload()
      }
      do { try await surroundings.sleep(lookEvery) } catch { break }
      let isAsked = asked.take()
      if isAsked { log.notice("told to read the files again") }
      isDue = isAsked || files.haveChanged
      if isDue { files = WatchedFiles(files: meant) }
    }
    return .stopped
  }

  /// Whether somebody wants the files to be read.
  private final class Requests: Sendable {
    private let wanted = Mutex(false)

    func note() { wanted.withLock { $0 = true } }

    func take() -> Bool {
      wanted.withLock { wanted in
        defer { wanted = false }
        return wanted
      }
    }
  }
}
