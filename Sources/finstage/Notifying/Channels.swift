import Fetching
import NotificationChannels
import Pipelines
import PluginKit
import Storage
import Trading

/// The channels of a configuration, put to work: one client each, so that each keeps to its own rate; what they learn of
/// themselves is kept where there is a store.
struct Channels {
  private let configuration: Configuration
  private let surroundings: Surroundings
  /// What channels have learned, by their names, and where it is kept.
  private let memory: [String: [String: String]]
  private let keeping: (any ChannelMemoryStore)?
  private let loop: TransferLoop

  init(
    _ configuration: Configuration, remembering memory: [String: [String: String]] = [:],
    keptIn keeping: (any ChannelMemoryStore)? = nil, in surroundings: Surroundings = .machine
  ) {
    self.memory = memory
    self.keeping = keeping
    self.configuration = configuration
    self.surroundings = surroundings
    loop = TransferLoop(calls: surroundings.calls)
  }

  /// A channel by its name in the configuration.
  func channel(named name: String) throws(Failure) -> any NotificationChannel {
    let declared = configuration.channels ?? []
    guard let found = declared.first(where: { $0.name == name }) else {
      let hint = suggestion(for: name, among: declared.map(\.name), called: "channels")
      throw Failure(.unusable, "there is no channel \"\(name)\" in the configuration; \(hint)")
    }
    return try channel(found)
  }

  func channel(_ declared: Configuration.Channel) throws(Failure) -> any NotificationChannel {
    try channel(declared, web: web(of: declared))
  }

  /// A channel to be heard; nil where nobody answers by it. What it asks takes as long as the server is to wait, and
  /// nothing of the rate at which messages go out.
  func ear(_ declared: Configuration.Channel, waiting seconds: Int) throws(Failure) -> (any AnsweringChannel)? {
    guard declared.type is any AnsweringChannel.Type else { return nil }
    var web: any WebClient = Unconnected()
    if var limits = declared.fetch?.limits {
      let patience = Int64(seconds + 15) * 1_000
      (limits.timeout, limits.idleTimeout) = (patience, patience)
      web = CurlClient(limits, on: loop)
    }
    return try channel(declared, web: web) as? any AnsweringChannel
  }

  private func channel(
    _ declared: Configuration.Channel, web: any WebClient
  ) throws(Failure) -> any NotificationChannel {
    let name = declared.name
    let host = ChannelHost(
      baseDirectory: configuration.folder, web: web, mail: mail(of: declared),
      now: surroundings.now, show: { Terminal.print($0) },
      note: { Terminal.say("channels: \(name): \(LogText.line($0))") },
      memory: memory[name] ?? [:],
      remember: { [keeping, surroundings] value, key in
        // Where it cannot be kept, the server says it again after the next start.
        try? await keeping?.remember(value, as: key, of: name, at: surroundings.now())
      })
    do throws(ChannelError) {
      return try declared.type.init(settings: declared.settings, host: host)
    } catch {
      throw Failure(.unusable, "channels: \(name): \(error)")
    }
  }

  private func web(of declared: Configuration.Channel) -> any WebClient {
    declared.fetch?.client(
      on: loop, now: surroundings.now, sleep: surroundings.sleep, random: surroundings.random) ?? Unconnected()
  }

  private func mail(of declared: Configuration.Channel) -> any MailClient {
    if let mail = declared.mail { CurlMailClient(mail.limits) } else { Unconnected() }
  }
}
