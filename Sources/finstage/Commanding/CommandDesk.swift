import Calendars
import Engine
import Notifications
import Pipelines
import PluginKit
import Storage
import Trading

/// Answers the commands that the host hears. What a command changes is said in its answer and done by who carries it out.
struct CommandDesk: CommandHandler {
  let host: Host
  let activity: HostActivity
  let words: CommandWords

  /// Milliseconds that a mute without a length lasts, and the bounds of one.
  static let muteLength: Int64 = 86_400_000
  private static let muteLengths: ClosedRange<Int64> = 60_000...366 * 86_400_000

  init(_ host: Host, _ activity: HostActivity) {
    self.host = host
    self.activity = activity
    let zone = host.configuration.zone
    words = CommandWords(locale: host.configuration.locale) { moment in
      let local = zone.map { Instant(seconds: $0.local(at: moment)) } ?? moment
      return local.description.prefix(16).replacing("T", with: " ") + " " + (zone?.name ?? "UTC")
    }
  }

  var store: SQLiteStore { host.store }

  func answer(_ command: ChatCommand, of commander: Commander, at moment: Instant) async -> CommandAnswer {
    do {
      switch command {
      case .help: return help(with: nil)
      case .status: return try await status(at: moment)
      case .open: return try await open()
      case .mute(let strategy, let length, let reason):
        return try await mute(strategy, length ?? CommandDesk.muteLength, reason, commander, moment)
      case .unmute(let strategy): return try await unmute(strategy, at: moment)
      case .why(let id): return try await why(id, nil)
      case .press(.why, let code): return try await why(code, commander)
      case .press(.mute, let code):
        guard let signal = try await signal(called: code, pressedBy: commander) else { return unknown(code) }
        return try await mute(signal.record.strategy, CommandDesk.muteLength, nil, commander, moment)
      case .press(.taken, let code): return try await take(code, commander, moment)
      case .report(let kind): return try await report(kind)
      case .performance(let strategy): return try await performance(of: strategy)
      }
    } catch {
      let reason = LogText.line((error as? Failure)?.message ?? "\(error)")
      return CommandAnswer(words.failed(reason), brief: "⚠️", detail: "failed: \(reason)")
    }
  }

  func help(with word: String?) -> CommandAnswer {
    CommandAnswer(words.help(of: word), title: word == nil ? words.helpTitle : nil, brief: "⚠️")
  }

  func refusal(of command: ChatCommand) -> CommandAnswer {
    let text = words.refusal(needs: command.role.rawValue)
    return CommandAnswer(text, brief: text)
  }

  func surrender(_ command: ChatCommand) -> CommandAnswer { CommandAnswer(words.surrender, brief: "⚠️") }

  func unknown(_ id: String) -> CommandAnswer {
    CommandAnswer(words.noSignal(id), brief: "⚠️", detail: "refused: no such signal")
  }

  // MARK: Mute

  private func mute(
    _ strategy: String, _ length: Int64, _ reason: String?, _ commander: Commander, _ moment: Instant
  ) async throws -> CommandAnswer {
    guard CommandDesk.muteLengths.contains(length) else {
      return CommandAnswer(words.badLength, brief: "⚠️", detail: "refused: its length")
    }
    let names = await host.strategyNames
    guard names.contains(strategy) else {
      let hint = suggestion(for: strategy, among: names, called: "strategies")
      return CommandAnswer(
        words.noStrategy(strategy, hint), brief: "⚠️", detail: "refused: no such strategy is running")
    }
    let silence = StoredSilence(
      strategy: strategy, from: moment, until: moment.advanced(by: length),
      reason: reason ?? words.mutedBy(commander.name.isEmpty ? commander.actor : commander.name),
      actor: commander.actor)
    // Orders are no messages: who wants to stop them has to know that this does not.
    let orders = await host.handsOff(strategy) ? "\n\(words.ordersGoOn)" : ""
    return CommandAnswer(
      words.isMuted(silence) + orders, brief: words.mutedBriefly(silence), effect: .silence(silence),
      detail: "\(strategy) until \(silence.until)")
  }

  private func unmute(_ strategy: String, at moment: Instant) async throws -> CommandAnswer {
    let held = try await store.silences(at: moment).contains { $0.strategy == strategy }
    guard held else { return CommandAnswer(words.isNotMuted(strategy), detail: "refused: it is not muted") }
    return CommandAnswer(words.isHeardAgain(strategy), effect: .endSilences(strategy: strategy))
  }

  // MARK: Why and Taken

  /// The signal of a message's id, or of its own number.
  ///
  /// - Parameter commander: Who pressed a button: then the message is that of the button, and no other.
  func signal(called id: String, pressedBy commander: Commander?) async throws -> (
    id: Int64, record: Storage.SignalRecord
  )? {
    var number: Int64?
    if let commander {
      let entries = try await store.entries(called: id).filter { entry in
        entry.notice.code == id && entry.notice.channel == commander.channel && entry.signal != nil
      }
      let message = commander.message.map { "\($0)" }
      // Of a message whose sending was never answered the number is not known.
      number = (entries.first { $0.reference == message } ?? entries.first { $0.reference == nil })?.signal
    } else if id.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let own = Int64(id) {
      number = own
    } else {
      number = try await store.entries(called: id).last { $0.signal != nil }?.signal
    }
    guard let number, let record = try await store.signal(number) else { return nil }
    return (number, record)
  }

  private func why(_ id: String, _ commander: Commander?) async throws -> CommandAnswer {
    guard let signal = try await signal(called: id, pressedBy: commander) else { return unknown(id) }
    let context = try await SignalContext(signal.id, host.workspace, store)
    let record = context.record
    // Its strategy may have changed or gone; the signal stands all the same.
    let found = try? await host.workspace.explanations(
      of: record.strategy, symbol: record.symbol, at: "\(record.signal.time)")
    return CommandAnswer(
      context.text(found?.first), title: words.whyTitle(signal.id), detail: "signal \(signal.id)")
  }

  private func take(_ code: String, _ commander: Commander, _ moment: Instant) async throws -> CommandAnswer {
    guard let signal = try await signal(called: code, pressedBy: commander) else { return unknown(code) }
    if let before = try await store.taken(signal.id).first(where: { $0.actor == commander.actor }) {
      let text = words.wasTaken(signal.id, before)
      return CommandAnswer([], brief: text, detail: "signal \(signal.id), as before")
    }
    let name = commander.name.isEmpty ? commander.actor : commander.name
    return CommandAnswer(
      words.taken(signal.id, by: name), brief: words.takenBriefly,
      effect: .taken(TakenSignal(signal: signal.id, actor: commander.actor, name: name, at: moment)),
      detail: "signal \(signal.id)")
  }
}
