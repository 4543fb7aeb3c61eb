public import Trading

/// A way by which messages reach people or programs: a chat, mail, a webhook, a file. The config names it by its id
/// (`type: telegram`).
///
/// One file a channel in `Plugins/NotificationChannels`, one line in the list there.
public protocol NotificationChannel: Sendable {
  /// The word after `type:`.
  static var id: String { get }
  /// One line on where the messages go.
  static var summary: String { get }
  /// The keys that the config admits besides `type`, and besides those of the web client where there is one.
  static var settings: [PluginSetting] { get }
  /// How its server may be asked where the config says nothing; nil where the channel asks none over HTTP.
  static var web: WebManners? { get }
  /// Whether it sends mail, and so admits the keys of the mail client.
  static var mails: Bool { get }
  /// Whether it takes order intents, and nothing that is written for people.
  static var takesOrders: Bool { get }
  /// How the text of its messages is marked up.
  static var form: TextForm { get }
  /// Whether a channel of these settings takes messages with a picture.
  static func takesPictures(_ settings: PluginSettings) -> Bool

  /// Takes the settings by name. The host has checked names, presence and kinds. Touches neither files nor network.
  init(settings: PluginSettings, host: ChannelHost) throws(ChannelError)

  /// Whether a message could be sent, as far as can be asked without sending one; what was found, in a sentence.
  @discardableResult func check() async throws(ChannelError) -> String

  /// What it shares with other channels, and how much may go through that in all; nothing where it shares nothing.
  var sharedRates: [SharedRate] { get }

  /// Sends one message and says what became of it. Sends a message once: further tries are the host's to decide.
  func send(_ message: ChannelMessage) async -> Delivery

  /// What `send` would send, a text for each request, without secrets. Asks nobody.
  func preview(_ message: ChannelMessage) -> [String]
}

extension NotificationChannel {
  public static var web: WebManners? { nil }
  public static var mails: Bool { false }
  public static var takesOrders: Bool { false }
  public static var form: TextForm { .plain }
  public static func takesPictures(_ settings: PluginSettings) -> Bool { false }
  public var sharedRates: [SharedRate] { [] }
}

/// What the host gives to a channel: never a clock or a connection of its own.
public struct ChannelHost: Sendable {
  /// The folder of the config, to which relative paths are relative.
  public let baseDirectory: String
  /// Keeps to the channel's rate and refuses what the configuration does not allow. Sends a request once.
  public let web: any WebClient
  public let mail: any MailClient
  public let now: @Sendable () -> Instant
  /// Shows a text where the host's output goes.
  public let show: @Sendable (String) -> Void
  /// Tells the user what they should change in the configuration.
  public let note: @Sendable (String) -> Void
  /// What the channel has asked to be remembered, by name.
  public let memory: [String: String]
  /// Remembers a value under a name, over restarts.
  public let remember: @Sendable (_ value: String, _ name: String) async -> Void

  public init(
    baseDirectory: String, web: any WebClient, mail: any MailClient, now: @escaping @Sendable () -> Instant,
    show: @escaping @Sendable (String) -> Void, note: @escaping @Sendable (String) -> Void,
    memory: [String: String] = [:],
    remember: @escaping @Sendable (_ value: String, _ name: String) async -> Void = { _, _ in }
  ) {
    self.memory = memory
    self.remember = remember
    self.baseDirectory = baseDirectory
    self.web = web
    self.mail = mail
    self.now = now
    self.show = show
    self.note = note
  }
}

/// Why a channel cannot be used. Each case is said in a sentence that shows no secret.
public enum ChannelError: Error, Sendable, Hashable {
  /// A setting cannot be used; the sentence says what was found and what is admitted.
  case badSetting(name: String, String)
  /// The channel is refused, and a later try will meet the same.
  case unusable(String)
  /// It could not be asked for now; a later try may work, after so many seconds where it says so.
  case unavailable(String, retryAfter: Double? = nil)

  /// Whether a later try may work.
  public var isTransient: Bool {
    if case .unavailable = self { true } else { false }
  }
}

extension ChannelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badSetting(let name, let sentence): "\(name): \(sentence)"
    case .unusable(let sentence), .unavailable(let sentence, _): sentence
    }
  }
}
