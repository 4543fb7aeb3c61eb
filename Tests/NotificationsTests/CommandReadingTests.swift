import PluginKit
import Testing

@testable import Notifications

/// What people type, read as commands.
@Suite struct CommandReadingTests {
  private func read(_ text: String, isGroup: Bool = false) -> CommandReading {
    CommandReading(text, named: "fake_bot", isGroup: isGroup)
  }

  @Test(arguments: [
    ("/status", ChatCommand.status), ("/STATUS@Fake_Bot", .status), ("/open  ", .open), ("/start", .help),
    ("/mute swing 1d", .mute(strategy: "swing", length: 86_400_000, reason: nil)),
    ("/mute swing", .mute(strategy: "swing", length: nil, reason: nil)),
    ("/mute@fake_bot swing 90m earnings  week", .mute(strategy: "swing", length: 5_400_000, reason: "earnings week")),
    ("/mute 전략 4h", .mute(strategy: "전략", length: 14_400_000, reason: nil)),
    ("/unmute swing", .unmute(strategy: "swing")),
    ("/why\nK7Q2AB", .why("K7Q2AB")), ("/report", .report(nil)), ("/report Weekly", .report("weekly")),
    ("/performance", .performance(strategy: nil)), ("/performance swing", .performance(strategy: "swing")),
  ])
  func `a command is read with its parts`(_ text: String, _ command: ChatCommand) {
    #expect(read(text) == .command(command))
    #expect(read(text, isGroup: true) == .command(command))
  }

  @Test(arguments: [
    "", "status", " /status", "/", "/ status", "//status", "/@fake_bot", "/status@other_bot", "/status@", "buy /status",
    "/\u{301}status", "\u{200B}/status",
  ])
  func `what is no command of ours is none`(_ text: String) {
    switch read(text, isGroup: true) {
    case .none: break
    case let other: Issue.record("\(text.debugDescription) is \(other)")
    }
  }

  @Test(arguments: [
    ("/mute", "mute"), ("/mute swing soon", "mute"), ("/mute swing 0d", "mute"), ("/mute swing -1d", "mute"),
    ("/mute swing 99999999999999999d", "mute"), ("/unmute", "unmute"), ("/unmute a b", "unmute"), ("/why", "why"),
    ("/why a b", "why"), ("/report a b", "report"), ("/performance a b", "performance"),
    ("/mute " + String(repeating: "x", count: 5_000), "mute"),
  ])
  func `what is missing or wrong is said by its command`(_ text: String, _ word: String) {
    #expect(read(text) == .faulty(word))
  }

  @Test func `an unknown command is answered where it is ours, and left to other bots in a group`() {
    #expect(read("/buy") == .unknown("buy"))
    #expect(read("/buy", isGroup: true) == .none)
    #expect(read("/buy@fake_bot", isGroup: true) == .unknown("buy"))
  }

  @Test(arguments: [
    "", "mute", "mute ", "mute K7Q2AB x", "sell K7Q2AB", "MUTE K7Q2AB", "mute  K7Q2AB",
    "why " + String(repeating: "K", count: 61), "taken K7Q2ABK7Q2ABK7Q2AB",
  ])
  func `a button that is none of ours is unknown`(_ data: String) {
    #expect(CommandReading(pressed: data) == .unknown("button"))
  }

  @Test func `what a button says is read as it was written, within Telegram's 64 bytes`() {
    for press in ChatCommand.Press.allCases {
      let data = press.data("K7Q2AB")
      #expect(CommandReading(pressed: data) == .command(.press(press, code: "K7Q2AB")) && data.utf8.count <= 64)
    }
  }

  @Test func `to look is for everybody, to mute and to take wants the right to operate`() {
    let looking: [ChatCommand] = [
      .help, .status, .open, .why("1"), .report(nil), .performance(strategy: nil), .press(.why, code: "1"),
    ]
    let steering: [ChatCommand] = [
      .mute(strategy: "a", length: nil, reason: nil), .unmute(strategy: "a"), .press(.mute, code: "1"),
      .press(.taken, code: "1"),
    ]
    #expect(looking.allSatisfy { $0.role == .read } && steering.allSatisfy { $0.role == .operate })
    #expect(CommandRole.read < .operate && CommandRole.operate < .admin)
  }
}
