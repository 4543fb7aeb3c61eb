internal import PluginKit
internal import SeriesMath
public import Storage
internal import Synchronization
internal import Trading

/// Sends what the outbox holds: each channel by itself and in order, so that one that stalls holds up nobody else.
///
/// A message is noted as `sending` before its first byte goes out. What a crash leaves so is sent again with the same
/// id, or becomes `unknown`, as its policy says. Nothing is held in memory but the message that is under way.
public actor Drain {
  private let store: any OutboxStore & ChannelMemoryStore & OrderStore
  private let lanes: [DrainLane]
  private let writer: NoticeWriter
  private let settings: DrainSettings
  private let clock: DrainClock
  private let executor: (any TaskExecutor)?
  private let isStopped = Atomic(false)
  private let tell: @Sendable (DrainEvent) -> Void
  private let observe: (@Sendable (DrainStep, [String]) async -> Void)?
  private var random: SplitMix64
  private var states: [String: LaneState] = [:]
  private var shared: [String: [TokenBucket]] = [:]
  /// Until when all who share something wait, because one of them was told to.
  private var sharedWaits: [String: Instant] = [:]

  private struct LaneState {
    var buckets: [TokenBucket]
    var notBefore: Instant?
    /// When a refused channel is asked again; nil where it is not refused.
    var probeAt: Instant?
  }

  /// - Parameters:
  ///   - seed: of the chance in the waits.
  ///   - executor: where messages are sent; nil for Swift's own threads.
  ///   - observe: hears of each step of a message with its notices' ids, before the next one is taken.
  public init(
    store: any OutboxStore & ChannelMemoryStore & OrderStore, lanes: [DrainLane], writer: NoticeWriter,
    settings: DrainSettings = DrainSettings(), clock: DrainClock, seed: UInt64,
    executor: (any TaskExecutor)? = nil, tell: @escaping @Sendable (DrainEvent) -> Void,
    observe: (@Sendable (DrainStep, [String]) async -> Void)? = nil
  ) {
    self.store = store
    self.lanes = lanes
    self.writer = writer
    self.settings = settings
    self.clock = clock
    self.executor = executor
    self.tell = tell
    self.observe = observe
    random = SplitMix64(seed: seed)
    for lane in lanes {
      states[lane.name] = LaneState(buckets: lane.rates.map { TokenBucket($0) })
      for group in lane.shared where shared[group.name] == nil {
        shared[group.name] = group.rates.compactMap { SendingRate($0).map { TokenBucket($0) } }
      }
    }
  }

  /// Takes up what an earlier process has left. To be called once, before anything is sent.
  @discardableResult
  public func recover() async throws(StoreError) -> (again: Int, unknown: Int) {
    let now = clock.now()
    let recovered = try await store.recover(doubts: settings.doubts, at: now)
    for lane in lanes where recovered.unknown > 0 && lane.takesOrders {
      let lost = try await store.entries(in: [.unknown], limit: 10_000)
        .filter { $0.notice.channel == lane.name && $0.finishedAt == now }
      for entry in lost { await warn(of: [entry], in: lane, .unknown(entry.failure ?? "")) }
    }
    return recovered
  }

  /// Sends until the task is cancelled; a message that is under way is then ended and noted.
  public func run() async {
    await withTaskCancellationHandler {
      await withTaskGroup(of: Void.self) { group in
        for lane in lanes {
          group.addTask {
            while !Task.isCancelled {
              let next = await self.step(lane)
              if let next { await self.clock.sleep(next) }
            }
          }
        }
      }
    } onCancel: {
      isStopped.store(true, ordering: .relaxed)
    }
  }

  /// Sends what is due now, by all channels at once, and waits for rates but for nothing else: what has to wait for a
  /// later try stays.
  public func flush() async {
    await withTaskGroup(of: Void.self) { group in
      for lane in lanes {
        group.addTask {
          var fruitless = 0
          while !Task.isCancelled {
            if await self.step(lane) == nil {
              fruitless = 0
              continue
            }
            guard await self.hasDue(lane) else { return }
            if let ready = await self.ready(lane) {
              await self.clock.sleep(ready)
              continue
            }
            // Between the two looks another channel may have given back the token that both share.
            fruitless += 1
            guard !lane.shared.isEmpty, fruitless < 100 else { return }
          }
        }
      }
    }
  }

  /// Does the next thing for a channel. Nil where there may be more to do at once, else when to look again.
  private func step(_ lane: DrainLane) async -> Instant? {
    let now = clock.now()
    guard let state = states[lane.name] else { return now.advanced(by: settings.probeEvery) }
    if let probeAt = state.probeAt {
      if now < probeAt {
        let isAsked = (try? await store.takeAsk(of: lane.name)) ?? false
        guard isAsked else { return min(probeAt, now.advanced(by: settings.probePause)) }
      }
      return await probe(lane)
    }
    if let until = sharedWait(lane), now < until { return min(until, now.advanced(by: settings.longestWait)) }
    if let notBefore = state.notBefore, now < notBefore {
      return min(notBefore, now.advanced(by: settings.longestWait))
    }
    if let ready = ready(lane) { return ready }
    // Before anything is waited for: meanwhile another channel may take the shared token.
    eachBucket(lane) { $0.hold(at: now) }
    // What is begun is ended: a cancelled task would break off the sending, and could not note what became of it.
    return await Task(executorPreference: executor) { await self.deliver(lane, at: now) }.value
  }

  /// When the rates of a channel admit a message; nil where they do now.
  private func ready(_ lane: DrainLane) -> Instant? {
    let now = clock.now()
    var ready = now
    for index in states[lane.name]?.buckets.indices ?? 0..<0 {
      ready = max(ready, states[lane.name]?.buckets[index].ready(at: now) ?? now)
    }
    for name in lane.shared.map(\.name) {
      for index in shared[name]?.indices ?? 0..<0 { ready = max(ready, shared[name]?[index].ready(at: now) ?? now) }
    }
    return ready > now ? ready : nil
  }

  private func sharedWait(_ lane: DrainLane) -> Instant? { lane.shared.compactMap { sharedWaits[$0.name] }.max() }

  /// What one is told to wait for, all wait for who share it.
  private func wait(_ lane: DrainLane, _ seconds: Double?, from now: Instant) {
    guard let seconds, seconds.isFinite, seconds > 0 else { return }
    let until = now.advanced(by: Int64((min(seconds, 86_400) * 1_000).rounded(.up)))
    for group in lane.shared where group.waitsTogether {
      sharedWaits[group.name] = max(sharedWaits[group.name] ?? until, until)
    }
  }

  /// Does something with each bucket of a channel: its own, and those that it shares.
  private func eachBucket(_ lane: DrainLane, _ body: (inout TokenBucket) -> Void) {
    if var state = states[lane.name] {
      for index in state.buckets.indices { body(&state.buckets[index]) }
      states[lane.name] = state
    }
    for name in lane.shared.map(\.name) {
      guard var buckets = shared[name] else { continue }
      for index in buckets.indices { body(&buckets[index]) }
      shared[name] = buckets
    }
  }

  private func deliver(_ lane: DrainLane, at now: Instant) async -> Instant? {
    let claimed: ClaimedMessage?
    do {
      if lane.takesOrders {
        let expired = try await store.expire(channel: lane.name, at: now)
        if !expired.isEmpty {
          tell(.expired(channel: lane.name, codes: expired.map(\.notice.code)))
          await warn(of: expired, in: lane, .expired)
        }
      }
      claimed = try await store.claim(
        channel: lane.name, at: now, lateBefore: now.advanced(by: -settings.lateAfter), limit: settings.digest)
    } catch {
      eachBucket(lane) { $0.give() }
      return failed(error)
    }
    guard let claimed, let message = writer.message(of: claimed, in: type(of: lane.channel).form, at: now) else {
      eachBucket(lane) { $0.give() }
      return await nextLook(lane, now)
    }
    eachBucket(lane) { $0.use() }
    let codes = claimed.entries.map(\.notice.code)
    await observe?(.claimed, codes)
    let began = clock.now()
    let delivery = await lane.channel.send(message)
    tell(.answered(channel: lane.name, milliseconds: max(0, clock.now().milliseconds - began.milliseconds)))
    await observe?(.answered, codes)
    wait(lane, delivery.retryAfter, from: clock.now())
    let result = result(of: delivery, claimed, at: clock.now())
    await note(result, claimed)
    await observe?(.marked, codes)
    await announce(result, lane, codes)
    if lane.takesOrders {
      switch result {
      case .unknown(let reason): await warn(of: claimed.entries, in: lane, .unknown(reason))
      case .dead(let reason): await warn(of: claimed.entries, in: lane, .refused(reason))
      case .sent, .again, .parked: break
      }
    }
    return nil
  }

  private func nextLook(_ lane: DrainLane, _ now: Instant) async -> Instant? {
    let idle = now.advanced(by: settings.idle)
    do {
      guard let due = try await store.nextDue(channel: lane.name), due > now else { return idle }
      return min(due, idle)
    } catch {
      return failed(error)
    }
  }

  private func hasDue(_ lane: DrainLane) async -> Bool {
    guard let due = try? await store.nextDue(channel: lane.name) else { return false }
    return due <= clock.now()
  }

  private func failed(_ error: StoreError) -> Instant {
    tell(.storeFailed("\(error)"))
    return clock.now().advanced(by: max(settings.idle, settings.firstWait))
  }

  private func result(of delivery: Delivery, _ claimed: ClaimedMessage, at now: Instant) -> SendingResult {
    let attempts = claimed.entries.map(\.attempts).max() ?? 1
    let doubts = claimed.entries.map(\.doubts).max() ?? 0
    switch delivery {
    case .sent(let reference): return .sent(reference: reference)
    case .refused(let reason): return .dead(reason)
    case .unusable(let reason): return .parked(reason)
    case .notSent(let reason, let seconds):
      if attempts >= settings.attempts { return .dead("tried \(attempts) times: \(reason)") }
      return .again(at: wait(attempts, seconds, from: now), reason: reason, doubtful: false)
    case .unknown(let reason, let seconds):
      if claimed.entries.first?.notice.policy == .atMostOnce || doubts + 1 >= settings.doubts {
        return .unknown(reason)
      }
      return .again(at: wait(attempts, seconds, from: now), reason: reason, doubtful: true)
    }
  }

  /// Never earlier than the channel has asked for.
  private func wait(_ attempts: Int, _ seconds: Double?, from now: Instant) -> Instant {
    let doubled =
      Double(settings.firstWait) * Double(sign: .plus, exponent: min(max(attempts - 1, 0), 40), significand: 1)
    let most = min(doubled, Double(settings.longestWait))
    let chance = most * (0.5 + 0.5 * random.unit())
    let asked = seconds.map { $0.isFinite ? min(max($0, 0), 86_400) * 1_000 : 0 } ?? 0
    return now.advanced(by: Int64(max(chance, asked).rounded(.up)))
  }

  /// What the channel has answered is noted, however long the store fails: else it would be sent again.
  private func note(_ result: SendingResult, _ claimed: ClaimedMessage) async {
    var wait = settings.firstWait
    while true {
      do throws(StoreError) {
        return try await store.note(result, of: claimed.entries.map(\.id), at: clock.now())
      } catch {
        tell(.storeFailed("\(error)"))
        // Told to stop, what is `sending` is left to the next start, which sends it again.
        if isStopped.load(ordering: .relaxed) { return }
        await clock.sleep(clock.now().advanced(by: wait))
        wait = min(wait * 2, 60_000)
      }
    }
  }

  private func announce(_ result: SendingResult, _ lane: DrainLane, _ codes: [String]) async {
    switch result {
    case .sent: tell(.sent(channel: lane.name, codes: codes))
    case .unknown(let reason): tell(.unknown(channel: lane.name, codes: codes, reason: reason))
    case .dead(let reason): tell(.dead(channel: lane.name, codes: codes, reason: reason))
    case .again(let due, let reason, _):
      states[lane.name]?.notBefore = due
      tell(.waiting(channel: lane.name, codes: codes, until: due, reason: reason))
    case .parked(let reason): await park(lane, reason)
    }
  }

  /// Said once, by the other channels and to the host, when a channel is first refused.
  private func park(_ lane: DrainLane, _ reason: String) async {
    let now = clock.now()
    states[lane.name]?.probeAt = now.advanced(by: settings.probeEvery)
    tell(.parked(channel: lane.name, reason: reason))
    let notices = listeners(besides: lane).map {
      writer.alarm(about: lane.name, reason, at: now, channel: $0.name)
    }
    do {
      try await store.park(channel: lane.name, reason)
      try await store.add(notices, at: now)
    } catch {
      tell(.storeFailed("\(error)"))
    }
  }

  /// Channels of people that are told; somebody is, whoever it is.
  private func listeners(besides lane: DrainLane) -> [DrainLane] {
    let others = lanes.filter { $0.name != lane.name && !$0.takesOrders && states[$0.name]?.probeAt == nil }
    let chosen = settings.alarms.map { names in others.filter { names.contains($0.name) } } ?? others
    return chosen.isEmpty ? others : chosen
  }

  /// Tells people of order intents that went wrong: nobody else would see to them.
  private func warn(of entries: [OutboxEntry], in lane: DrainLane, _ fate: IntentFate) async {
    let now = clock.now()
    let notices = entries.flatMap { entry in
      listeners(besides: lane).map { writer.warning(of: entry, fate, at: now, channel: $0.name) }
    }
    do { try await store.add(notices, at: now) } catch { tell(.storeFailed("\(error)")) }
  }

  /// Asks a refused channel whether it has been mended; what waits for it goes out then.
  private func probe(_ lane: DrainLane) async -> Instant? {
    let now = clock.now()
    do throws(ChannelError) {
      try await lane.channel.check()
    } catch {
      let next = now.advanced(by: settings.probeEvery)
      states[lane.name]?.probeAt = next
      do { try await store.park(channel: lane.name, "\(error)") } catch { return failed(error) }
      return next
    }
    do { try await store.unpark(channel: lane.name, at: now) } catch { return failed(error) }
    states[lane.name]?.probeAt = nil
    tell(.released(channel: lane.name))
    return nil
  }
}
