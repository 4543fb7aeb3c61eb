import Engine
import Fetching
import Logging
import Notifications
import PluginKit
import Storage
import Trading

/// The outbox, drained by the channels of a configuration.
struct Sending {
  let drain: Drain
  let hasChannels: Bool
  private let log: Logger

  init(
    _ configuration: Configuration, _ store: SQLiteStore, _ log: Logger, settings: DrainSettings = DrainSettings(),
    in surroundings: Surroundings, heard: @escaping @Sendable (DrainEvent) -> Void = { _ in }
  ) async throws(Failure) {
    let memory = try await storing { () async throws(StoreError) in try await store.channelMemory() }
    let channels = Channels(configuration, remembering: memory, keptIn: store, in: surroundings)
    var settings = settings
    settings.alarms = configuration.notifications.rules.alarms
    var lanes: [DrainLane] = []
    for declared in configuration.channels ?? [] {
      let rates = (declared.fetch?.politeness.rate ?? []).map { SendingRate($0.count, per: $0.length) }
      let channel = try channels.channel(declared)
      lanes.append(DrainLane(name: declared.name, channel: channel, rates: rates, shared: channel.sharedRates))
    }
    let clock = surroundings.clock
    self.log = log
    hasChannels = !lanes.isEmpty
    drain = Drain(
      store: store, lanes: lanes,
      writer: NoticeWriter(templates: configuration.noticeTemplates().templates, zone: configuration.zone),
      settings: settings,
      clock: DrainClock(now: surroundings.now, sleep: { try? await clock.sleep(until: $0) }),
      seed: surroundings.drawSeed(), executor: surroundings.executor,
      tell: { event in
        heard(event)
        Sending.tell(event, log)
      })
  }

  /// Takes up what an earlier process left.
  func recover() async throws {
    let drain = drain
    let (again, unknown) = try await storing { () async throws(StoreError) in try await drain.recover() }
    if again + unknown > 0 {
      log.warning("the host ended while it sent: \(again) messages go out again, of \(unknown) nobody knows")
    }
  }

  private static func tell(_ event: DrainEvent, _ log: Logger) {
    switch event {
    case .answered: break
    case .sent(let channel, let codes): log.info("\(channel): sent \(codes.joined(separator: " "))")
    case .waiting(let channel, let codes, let moment, let reason):
      log.warning("\(channel): \(codes.joined(separator: " ")) waits until \(moment): \(reason)")
    case .unknown(let channel, let codes, let reason):
      log.error("\(channel): nobody knows whether \(codes.joined(separator: " ")) arrived: \(reason)")
    case .dead(let channel, let codes, let reason):
      log.error("\(channel): given up \(codes.joined(separator: " ")): \(reason)")
    case .expired(let channel, let codes):
      log.error("\(channel): \(codes.joined(separator: " ")) expired before they could be sent, and are not")
    case .parked(let channel, let reason): log.error("\(channel): refused, and what is for it waits: \(reason)")
    case .released(let channel): log.notice("\(channel): takes messages again")
    case .storeFailed(let sentence): log.error("the store: \(sentence)")
    }
  }
}
