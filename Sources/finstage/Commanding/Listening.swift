import Engine
import Logging
import Notifications
import PluginKit
import Storage
import Trading

/// Those who hear the commands of a configuration: one for each bot, however many channels write by it.
struct Listening {
  let listeners: [CommandListener]

  /// - Parameter leads: Whether this host is the one that hears; of several over one store only one may.
  init(
    _ host: Host, _ activity: HostActivity, _ log: Logger, settings: ListenerSettings = ListenerSettings(),
    leads: @escaping @Sendable () async -> Bool
  ) async throws(Failure) {
    let (configuration, store, surroundings) = (host.configuration, host.store, host.surroundings)
    let memory = try await storing { () async throws(StoreError) in try await store.channelMemory() }
    let channels = Channels(configuration, remembering: memory, keptIn: store, in: surroundings)
    var order: [String] = []
    var ears: [String: [CommandListener.Ear]] = [:]
    for declared in configuration.channels ?? [] {
      guard let channel = try channels.ear(declared, waiting: settings.wait), channel.listens else { continue }
      if ears[channel.source] == nil { order.append(channel.source) }
      ears[channel.source, default: []].append((declared.name, channel))
    }
    activity.commands.begin(order)
    let desk = CommandDesk(host, activity)
    let writer = NoticeWriter(templates: configuration.noticeTemplates().templates, zone: configuration.zone)
    let clock = surroundings.clock
    listeners = order.compactMap { source in
      CommandListener(
        ears[source] ?? [], store: store, handler: desk, writer: writer, settings: settings,
        clock: DrainClock(now: surroundings.now, sleep: { try? await clock.sleep(until: $0) }),
        seed: surroundings.drawSeed(), leads: leads,
        tell: { event in
          activity.commands.note(event)
          Listening.tell(event, log)
        })
    }
  }

  private static func tell(_ event: ListenerEvent, _ log: Logger) {
    switch event {
    case .listening(let source): log.notice("commands: \(source) is heard")
    case .resting(let source): log.notice("commands: \(source) is heard by the host that leads")
    case .contested(let source, let moment, let reason):
      log.error("commands: somebody else hears \(source), tried again at \(moment): \(reason)")
    case .refused(let source, let moment, let reason):
      log.error("commands: \(source) is refused, tried again at \(moment): \(reason)")
    case .failing(let source, let moment, let reason):
      log.warning("commands: \(source) cannot be heard, tried again at \(moment): \(reason)")
    case .carriedOut(let actor, let action, let subject):
      log.notice("\(action)", metadata: ["who": "\(actor)", "subject": "\(LogText.line(subject))"])
    case .strangers(let source, let count, let user, let place):
      log.warning(
        "commands: \(source): \(count) of people who are not named, and hear nothing",
        metadata: ["user": "\(user ?? 0)", "chat": "\(place ?? 0)"])
    case .storeFailed(let sentence): log.error("the store: \(sentence)")
    }
  }
}
