public import PluginKit

/// What somebody wants of the host.
public enum ChatCommand: Hashable, Sendable {
  case help
  case status
  case open
  /// Milliseconds; nil leaves the length to the host.
  case mute(strategy: String, length: Int64?, reason: String?)
  case unmute(strategy: String)
  /// By a message's id or a signal's number.
  case why(String)
  case report(String?)
  case performance(strategy: String?)
  /// The buttons of a message, by its id.
  case press(Press, code: String)

  /// What a button does.
  public enum Press: String, Hashable, Sendable, CaseIterable { case mute, why, taken }

  /// The least right that it needs.
  public var role: CommandRole {
    switch self {
    case .help, .status, .open, .why, .report, .performance, .press(.why, _): .read
    case .mute, .unmute, .press(.mute, _), .press(.taken, _): .operate
    }
  }

  /// The word that the audit has for it.
  public var word: String {
    switch self {
    case .help: "help"
    case .status: "status"
    case .open: "open"
    case .mute, .press(.mute, _): "mute"
    case .unmute: "unmute"
    case .why, .press(.why, _): "why"
    case .report: "report"
    case .performance: "performance"
    case .press(.taken, _): "taken"
    }
  }

  /// What it is about, as it was said.
  public var subject: String {
    switch self {
    case .help, .status, .open: ""
    case .mute(let strategy, _, _), .unmute(let strategy): strategy
    case .why(let id), .press(_, let id): id
    case .report(let kind): kind ?? ""
    case .performance(let strategy): strategy ?? ""
    }
  }
}

/// A text, read as a command.
public enum CommandReading: Hashable, Sendable {
  case command(ChatCommand)
  /// A command of ours with something missing or wrong; which one.
  case faulty(String)
  /// No command, or one for somebody else.
  case none
  /// None that there is.
  case unknown(String)

  /// The longest text that is looked at: names of strategies are shorter.
  static let longest = 400

  /// - Parameters:
  ///   - name: ours, which may stand behind the command: `/status@name`.
  ///   - isGroup: there others read along, and an unknown command may be another bot's.
  public init(_ text: String, named name: String, isGroup: Bool) {
    self = .none
    let signs = text.unicodeScalars.prefix(2)
    guard signs.first == "/", let second = signs.dropFirst().first, second.isASCII, second != "/" else { return }
    // Over scalars: a mark behind the slash would make one character with it.
    let head = String(String.UnicodeScalarView(text.unicodeScalars.prefix(CommandReading.longest + 1)))
    let words = head.split { $0.isWhitespace || $0.isNewline }.map(String.init)
    guard let first = words.first?.dropFirst() else { return }
    let parts = first.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let word = parts.first?.lowercased(), !word.isEmpty else { return }
    let isAddressed = parts.count == 2
    if isAddressed, parts.last?.lowercased() != name.lowercased() { return }
    let isWhole = head.unicodeScalars.count <= CommandReading.longest
    self =
      isWhole
      ? CommandReading.read(word, Array(words.dropFirst()))
      : CommandReading.words.contains(word) ? .faulty(word) : .unknown(String(word.prefix(40)))
    if case .unknown = self, isGroup, !isAddressed { self = .none }
  }

  /// The commands that there are, as they are written.
  public static let words = ["status", "open", "mute", "unmute", "why", "report", "performance", "help"]

  private static func read(_ word: String, _ rest: [String]) -> CommandReading {
    switch word {
    case "help", "start": return .command(.help)
    case "status": return .command(.status)
    case "open": return .command(.open)
    case "mute":
      guard let strategy = rest.first else { return .faulty("mute") }
      guard rest.count > 1 else { return .command(.mute(strategy: strategy, length: nil, reason: nil)) }
      guard let length = SettingValue.milliseconds(rest[1]) else { return .faulty("mute") }
      let reason = rest.dropFirst(2).joined(separator: " ")
      return .command(.mute(strategy: strategy, length: length, reason: reason.isEmpty ? nil : reason))
    case "unmute":
      guard let strategy = rest.first, rest.count == 1 else { return .faulty("unmute") }
      return .command(.unmute(strategy: strategy))
    case "why":
      guard let id = rest.first, rest.count == 1 else { return .faulty("why") }
      return .command(.why(id))
    case "report":
      guard rest.count <= 1 else { return .faulty("report") }
      return .command(.report(rest.first?.lowercased()))
    case "performance":
      guard rest.count <= 1 else { return .faulty("performance") }
      return .command(.performance(strategy: rest.first))
    default: return .unknown(word)
    }
  }

  /// What a button stands for; unknown where it is none of ours.
  public init(pressed data: String) {
    let parts = data.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard data.utf8.count <= 64, parts.count == 2, let press = ChatCommand.Press(rawValue: parts[0]),
      (1...16).contains(parts[1].utf8.count)
    else {
      self = .unknown("button")
      return
    }
    self = .command(.press(press, code: parts[1]))
  }
}

extension ChatCommand.Press {
  /// What comes back when the button of a message is pressed.
  public func data(_ code: String) -> String { "\(rawValue) \(code)" }
}
