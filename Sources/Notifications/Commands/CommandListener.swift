public import PluginKit
internal import SeriesMath
public import Storage
internal import Trading

/// Hears one source of commands: one update after the other, each with its effect once.
///
/// What a command changes, its line in the audit, its answer in the outbox and the place of the source are saved in one
/// transaction: a host that ends before it does all of it at the next start, one that ends behind it nothing again.
public actor CommandListener {
  /// A channel by its name in the configuration.
  public typealias Ear = (name: String, channel: any AnsweringChannel)

  private let source: String
  private let ears: [Ear]
  private let store: any CommandStore
  private let handler: any CommandHandler
  private let writer: NoticeWriter
  private let settings: ListenerSettings
  private let clock: DrainClock
  private let leads: @Sendable () async -> Bool
  private let tell: @Sendable (ListenerEvent) -> Void
  private var random: SplitMix64
  private var name: String?
  private var faults = 0
  private var isResting = false
  private var isHearing = false
  private var strangers: Strangers
  private var rates: CommandRates

  /// - Parameters:
  ///   - ears: channels that hear the same, one at least; the first is asked for all.
  ///   - leads: whether this host is the one that hears. Of several hosts over one store only one does, or the server
  ///     turns one away.
  public init?(
    _ ears: [Ear], store: any CommandStore, handler: any CommandHandler, writer: NoticeWriter,
    settings: ListenerSettings = ListenerSettings(), clock: DrainClock, seed: UInt64,
    leads: @escaping @Sendable () async -> Bool = { true }, tell: @escaping @Sendable (ListenerEvent) -> Void
  ) {
    guard let first = ears.first else { return nil }
    source = first.channel.source
    self.ears = ears
    self.store = store
    self.handler = handler
    self.writer = writer
    self.settings = settings
    self.clock = clock
    self.leads = leads
    self.tell = tell
    random = SplitMix64(seed: seed)
    strangers = Strangers(every: settings.strangersEvery)
    rates = CommandRates(perMinute: settings.perMinute)
  }

  /// Hears until the task is cancelled.
  public func run() async {
    while !Task.isCancelled {
      guard await leads() else {
        if !isResting { tell(.resting(source: source)) }
        isResting = true
        await clock.sleep(clock.now().advanced(by: settings.leadEvery))
        continue
      }
      isResting = false
      await clock.sleep(await step())
    }
  }

  /// Asks once, and does what came; when to ask again.
  func step() async -> Instant {
    guard let ear = ears.first?.channel else { return clock.now().advanced(by: settings.longestWait) }
    do throws(ListeningError) {
      if name == nil { name = try await ear.ownName() }
      let place: CommandPlace?
      do { place = try await store.place(of: source) } catch { return failed(error) }
      let anew = place.map { clock.now().milliseconds - $0.at.milliseconds > settings.renumbering } ?? false
      let asked = clock.now()
      let updates = try await ear.updates(from: anew ? nil : place?.next, waiting: settings.wait)
      if !isHearing { tell(.listening(source: source)) }
      (faults, isHearing) = (0, true)
      if Task.isCancelled { return clock.now() }
      do { try await take(updates, behind: anew ? nil : place?.next) } catch { return failed(error) }
      let now = clock.now()
      return updates.isEmpty ? max(now, asked.advanced(by: settings.pause)) : now
    } catch {
      return Task.isCancelled ? clock.now() : wait(error)
    }
  }

  private func take(_ updates: [ChannelUpdate], behind first: Int64?) async throws(StoreError) {
    var next = first
    var anew = first == nil
    var isMoved = false
    for update in updates.sorted(by: { $0.number < $1.number }) {
      // One that comes again has had its effect.
      if let next, update.number < next { continue }
      next = update.number + 1
      isMoved = true
      let found = await carried(update)
      // An answer that was broken off is none: the next start begins with this command.
      if Task.isCancelled { return }
      guard let (carried, press) = found else { continue }
      let isDone = try await store.carryOut(carried, anew: anew, at: clock.now())
      (isMoved, anew) = (false, false)
      guard isDone else { continue }
      for entry in carried.audit {
        tell(.carriedOut(actor: entry.actor, action: entry.action, subject: entry.subject))
      }
      if let press { await ears.first?.channel.acknowledge(press.id, press.words) }
    }
    if isMoved, let next { try await store.pass(to: next, of: source, anew: anew, at: clock.now()) }
  }

  /// What an update does; nil where it is no command.
  private func carried(
    _ update: ChannelUpdate
  ) async -> (CarriedCommand, press: (id: String, words: String)?)? {
    let now = clock.now()
    var command = CarriedCommand(source: source, number: update.number)
    guard let user = update.user, let place = update.place, let (ear, role) = admitted(user, in: place) else {
      guard update.seemsCommand, let note = noteStranger(update, at: now) else { return nil }
      command.audit = [note]
      return (command, nil)
    }
    let (reading, press): (CommandReading, String?) =
      switch update.content {
      case .text(let text): (CommandReading(text, named: name ?? "", isGroup: update.isGroup), nil)
      case .press(let id, let data): (CommandReading(pressed: data), id)
      case .other: (.none, nil)
      }
    if case .none = reading { return nil }
    let commander = Commander(channel: ear, user: user, place: place, name: update.name, message: update.message)
    func entry(_ action: String, _ subject: String, _ detail: String?) -> AuditEntry {
      AuditEntry(
        time: now, actor: commander.actor, action: action, subject: String(subject.prefix(100)),
        detail: detail.map { String($0.prefix(300)) })
    }
    switch rates.verdict(on: user, at: now) {
    case .within: break
    case .beyond: return nil
    case .firstBeyond:
      command.audit = [
        entry("command", "", "refused: more than \(settings.perMinute) within a minute are passed over")
      ]
      return (command, press.map { ($0, "⏳") })
    }
    let answer: CommandAnswer
    switch reading {
    case .none: return nil
    case .unknown(let word):
      answer = handler.help(with: nil)
      command.audit = [entry("command", word, "refused: there is no such command")]
    case .faulty(let word):
      answer = handler.help(with: word)
      command.audit = [entry("command \(word)", "", "refused: it is not written as it is to be")]
    case .command(let asked):
      if role < asked.role {
        answer = handler.refusal(of: asked)
        command.audit = [
          entry("command \(asked.word)", asked.subject, "refused: \(role.rawValue) is less than \(asked.role.rawValue)")
        ]
      } else if await tries(update.number) > settings.tries {
        answer = handler.surrender(asked)
        command.audit = [entry("command \(asked.word)", asked.subject, "given up: the host ended at it each time")]
      } else {
        answer = await handler.answer(asked, of: commander, at: now)
        command.effect = answer.effect
        command.audit = [entry("command \(asked.word)", asked.subject, answer.detail)]
      }
    }
    command.notices = writer.answers(answer.texts, to: commander, called: "\(source)/\(update.number)", at: now)
    return (command, press.map { ($0, answer.brief) })
  }

  /// How often it was begun; 1 where the store does not say.
  private func tries(_ number: Int64) async -> Int {
    (try? await store.begin(number, of: source, at: clock.now())) ?? 1
  }

  private func admitted(_ user: Int64, in place: Int64) -> (channel: String, role: CommandRole)? {
    for ear in ears { if let role = ear.channel.role(of: user, in: place) { return (ear.name, role) } }
    return nil
  }

  private func noteStranger(_ update: ChannelUpdate, at now: Instant) -> AuditEntry? {
    guard let count = strangers.note(at: now) else { return nil }
    tell(.strangers(source: source, count: count, user: update.user, place: update.place))
    let who = "user \(update.user.map { "\($0)" } ?? "unknown") in chat \(update.place.map { "\($0)" } ?? "unknown")"
    return AuditEntry(
      time: now, actor: "stranger", action: "command", subject: source,
      detail: "refused: \(count) of people who are not named, the last of \(who)")
  }

  private func failed(_ error: StoreError) -> Instant {
    tell(.storeFailed("\(error)"))
    faults += 1
    isHearing = false
    return later(settings.firstWait, settings.longestWait, nil)
  }

  private func wait(_ error: ListeningError) -> Instant {
    faults += 1
    isHearing = false
    let until: Instant
    switch error {
    case .contested(let reason):
      until = later(settings.firstContest, settings.longestContest, nil)
      tell(.contested(source: source, until: until, reason: reason))
    case .refused(let reason):
      until = clock.now().advanced(by: settings.refusedWait)
      tell(.refused(source: source, until: until, reason: reason))
    case .unavailable(let reason, let seconds):
      until = later(settings.firstWait, settings.longestWait, seconds)
      tell(.failing(source: source, until: until, reason: reason))
    }
    return until
  }

  /// Never earlier than was asked for.
  private func later(_ first: Int64, _ longest: Int64, _ seconds: Double?) -> Instant {
    let doubled = Double(first) * Double(sign: .plus, exponent: min(max(faults - 1, 0), 20), significand: 1)
    let chance = min(doubled, Double(longest)) * (0.5 + 0.5 * random.unit())
    let asked = seconds.map { $0.isFinite ? min(max($0, 0), 86_400) * 1_000 : 0 } ?? 0
    return clock.now().advanced(by: Int64(max(chance, asked).rounded(.up)))
  }
}

extension ChannelUpdate {
  /// Whether somebody wants something of the host, and does not merely talk to others.
  fileprivate var seemsCommand: Bool {
    switch content {
    case .text(let text): user != nil && text.utf8.first == UInt8(ascii: "/")
    case .press: true
    case .other: false
    }
  }
}
