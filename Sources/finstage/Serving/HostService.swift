import Engine
import Logging
import Notifications
import ServiceLifecycle
import Storage
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
  var surroundings = Surroundings.machine
  var scheduling = SchedulerSettings()
  var sending = DrainSettings()
  /// Milliseconds between two looks at the files.
  var lookEvery: Int64 = 1_000

  func run() async throws {
    let copy = isDry ? try await StoreCopy(of: Workspace.sound(option)) : nil
    defer { copy?.remove() }
    let host = try await Host(option, store: copy?.store, isDry: isDry, jobs: jobs, log: log, in: surroundings)
    let schedule = Schedule(host, log, notice, settings: scheduling, in: surroundings)
    for line in schedule.passedOver { log.warning("\(line)") }
    guard !schedule.jobs.isEmpty else {
      throw Failure(.unusable, "schedule: names no job that this version runs; write - { job: collect, every: 30m }")
    }
    let scheduler = schedule.scheduler
    let sending =
      isDry ? nil : try Sending(host.configuration, host.store, log, settings: self.sending, in: surroundings)
    try await sending?.recover()
    notice.say("READY=1", "STATUS=running")
    log.notice("running\(isDry ? ", dry: nothing is stored or sent" : ""); Ctrl-C or SIGTERM ends it")
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await scheduler.run() }
      // Where there is no channel, nothing is sent, and that is no reason to stop.
      if let sending, sending.hasChannels { group.addTask { await sending.drain.run() } }
      group.addTask { await watch(host) }
      group.addTask { try? await gracefulShutdown() }
      // Told to stop, or cancelled: the scheduler lets what runs come to its end.
      await group.next()
      notice.say("STOPPING=1")
      log.notice("stopping; what runs has \(scheduling.patience / 1_000) seconds to end")
      group.cancelAll()
    }
    if copy == nil { try host.store.close() }
    log.notice("stopped")
  }

  /// Reads the strategies again when a file has changed, or when asked to.
  private func watch(_ host: Host) async {
    let path = option.path
    let option = option
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await _ in reloads {
          log.notice("told to read the files again")
          await host.reload()
        }
      }
      group.addTask {
        func meant() -> [String] { [path] + ((try? Workspace(option).files([])) ?? []) }
        var files = WatchedFiles(files: meant)
        // What changed while the host began.
        await host.reload()
        while !Task.isCancelled {
          do { try await surroundings.sleep(lookEvery) } catch { return }
          guard files.haveChanged else { continue }
          files = WatchedFiles(files: meant)
          await host.reload()
        }
      }
    }
  }
}
