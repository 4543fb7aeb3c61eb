import Pipelines
public import Storage
public import Trading

extension LiveRun {
  /// One pass: evaluates every market of which closed bars came or were corrected, and saves what was found, the
  /// signals with their notices, in one transaction.
  ///
  /// - Parameters:
  ///   - scope: Which markets; all that a strategy acts on are evaluated together with what else acts on them.
  ///   - notices: What goes out about each signal, and about each that became another, in the order of what is asked
  ///     about. It is asked once about all signals of the pass, then once about all corrections.
  public func evaluate(
    _ scope: Scope = .everything, at now: Instant, notices: @Sendable ([LiveEvent]) async -> [[Notice]] = { _ in [] }
  ) async -> LivePass {
    await exclusively { await self.pass(scope, at: now, notices) }
  }

  /// Which markets a pass looks at.
  public enum Scope: Sendable {
    case everything
    /// Those on which a price alert acts.
    case priceAlerts
  }

  private func places(in scope: Scope) -> [Int] {
    switch scope {
    case .everything: Array(table.entries.indices)
    case .priceAlerts:
      table.entries.indices.filter { place in
        table.entries[place].strategies.contains { table.strategies[$0].strategy.alert != nil }
      }
    }
  }

  private func pass(
    _ scope: Scope, at now: Instant, _ notices: @Sendable ([LiveEvent]) async -> [[Notice]]
  ) async -> LivePass {
    let places = places(in: scope)
    var pass = LivePass()
    let standing: [SeriesName: BarStanding]
    do throws(LiveFault) {
      standing = try await bars.standing(of: table.names)
    } catch {
      if let failure = parking.note(error) { pass.failures.append(failure) }
      return pass
    }
    await bringTails(standing, &pass)
    seekMissing(&pass)
    let stepping = await steps(places, standing, &pass)
    var answers = await perform(stepping)
    // What turns out not to go on from what was taken is replayed with what is known to be replayed.
    for answer in answers { if case .bent = answer.ending { table.entries[answer.place].isStale = true } }
    answers.removeAll { if case .bent = $0.ending { true } else { false } }
    let replays = await replays(places, standing, &pass)
    answers += await perform(replays)
    var changes = LiveChanges()
    var touched: [Int] = []
    let replayed = Set(replays.map(\.place))
    for answer in answers.sorted(by: { $0.place < $1.place }) {
      guard await note(answer, isReplayed: replayed.contains(answer.place), standing, &pass, &changes) else { continue }
      touched.append(answer.place)
    }
    order(&pass)
    await tell(&pass, &changes, notices)
    await save(changes, touched, &pass, at: now)
    trimTails()
    return pass
  }

  /// Markets that have new bars behind those that were taken; those that need a replay are marked.
  private func steps(_ places: [Int], _ standing: [SeriesName: BarStanding], _ pass: inout LivePass) async
    -> [LiveWork]
  {
    var work: [LiveWork] = []
    for place in places {
      let entry = table.entries[place]
      guard !entry.strategies.isEmpty, !parking.isParked("\(entry.market)") else { continue }
      guard let there = standing[entry.market.deciding] else {
        let failure: LiveFailure?
        if let fault = await bars.fault(of: entry.market.deciding) {
          failure = parking.noteUnreadable(LiveFault("\(entry.market)", fault.cause))
        } else {
          failure = parking.mention(
            LiveFault("\(entry.market)", "there are no prices of \(entry.market.deciding)"))
        }
        if let failure { pass.failures.append(failure) }
        continue
      }
      guard !entry.isStale, !entry.families.isEmpty else { continue }
      if entry.signature != signature(of: entry, standing) {
        table.entries[place].isStale = true
      } else if there.count != entry.taken {
        guard entry.last.map({ there.last > $0 }) ?? true else {
          table.entries[place].isStale = true
          continue
        }
        work.append(
          self.work(
            place, .step(taken: entry.taken, last: entry.last, lastKnown: entry.lastKnown, basis: entry.basis),
            expected: there.count))
      }
    }
    return work
  }

  private func replays(
    _ chosen: [Int], _ standing: [SeriesName: BarStanding], _ pass: inout LivePass
  ) async -> [LiveWork] {
    let places = chosen.filter { place in
      let entry = table.entries[place]
      return entry.isStale && !entry.families.isEmpty && !entry.strategies.isEmpty
        && standing[entry.market.deciding] != nil && !parking.isParked("\(entry.market)")
    }
    do throws(LiveFault) {
      let wholes = try await wholes(for: places)
      return places.map { place in
        let entry = table.entries[place]
        // A market that was never evaluated is brought up to its latest bar but one, which the next pass shows.
        let mode: LiveWork.Mode =
          entry.mark == nil
          ? .replay(.lastButOne, tellsAfter: nil) : .replay(.end, tellsAfter: entry.tellsAfter)
        return work(place, mode, wholes: wholes)
      }
    } catch {
      if let failure = parking.note(error) { pass.failures.append(failure) }
      return []
    }
  }

  /// Strategies that lacked a series begin as soon as it is there.
  private func seekMissing(_ pass: inout LivePass) {
    for place in table.entries.indices {
      let entry = table.entries[place]
      let placed = placed(at: place)
      var ready: [Int] = []
      for strategy in entry.strategies.subtracting(placed).sorted() {
        let subject = subject(strategy, entry.market)
        if parking.isParked(subject) { continue }
        if let missing = missing(of: strategy, at: place) {
          let fault = LiveFault(subject, "there are no prices of \(missing), which it reads")
          if let failure = parking.mention(fault) { pass.failures.append(failure) }
        } else {
          ready.append(strategy)
          // What it would have said without them it did not say.
          if entry.unsaved.contains(strategy) { table.entries[place].after[strategy] = entry.mark?.last }
          parking.noteSuccess(subject)
        }
      }
      guard !ready.isEmpty else { continue }
      table.entries[place].families.append(table.family(of: ready).id)
      table.entries[place].isStale = true
    }
  }

  /// Strategies of a market that have all that they read.
  private func placed(at place: Int) -> Set<Int> {
    Set(table.entries[place].families.compactMap { table.families[$0]?.strategies }.joined())
  }

  /// Takes over what a shard has found of a market. False where nothing came of it.
  private func note(
    _ answer: LiveAnswer, isReplayed: Bool, _ standing: [SeriesName: BarStanding], _ pass: inout LivePass,
    _ changes: inout LiveChanges
  ) async -> Bool {
    var entry = table.entries[answer.place]
    if case .failed(let fault) = answer.ending {
      let own = LiveFault("\(entry.market)", fault.description)
      if let failure = parking.note(own) { pass.failures.append(failure) }
      return false
    }
    parking.noteSuccess("\(entry.market)")
    (entry.taken, entry.last, entry.lastKnown) = (answer.taken, answer.last, answer.lastKnown)
    entry.basis = answer.basis
    entry.otherTaken = answer.otherTaken
    entry.isStale = false
    entry.signature = signature(of: entry, standing)
    let mark = entry.mark
    table.entries[answer.place] = entry
    part(answer.broken, at: answer.place, &pass)
    let isFirst = mark == nil
    if isReplayed {
      pass.replayed += 1
      if isFirst { return false }
    } else {
      guard answer.bars > 0 else { return false }
      pass.markets += 1
      pass.bars += answer.bars
    }
    var again: [LiveFound] = []
    for found in answer.signals {
      let (strategy, signal) = (found.strategy, found.signal)
      guard isSound(signal, strategy, entry.market, &pass) else { continue }
      if let mark, isReplayed, signal.time <= mark.last {
        if signal.time > entry.after[strategy] ?? mark.last { again.append(found) }
        continue
      }
      let occasion: LiveSignal.Occasion = isFirst ? .first : signal.time == entry.last ? .new : .late
      pass.signals.append(liveSignal(found, entry.market, occasion))
    }
    if let mark, isReplayed {
      do throws(StoreError) { try await compare(again, with: mark, at: answer.place, &pass) } catch {
        pass.storeFault = error
        table.entries[answer.place].isStale = true
        return false
      }
    }
    guard let last = entry.last else { return false }
    let placed = self.placed(at: answer.place)
    for strategy in entry.unsaved.intersection(placed).sorted() {
      let one = table.strategies[strategy]
      changes.pairs.append(
        LivePair(
          strategy: one.name, version: one.version, market: entry.market.key,
          timeframe: entry.market.deciding.timeframe, after: entry.after[strategy] ?? last))
    }
    changes.marks.append(
      LiveMark(
        market: entry.market.key, timeframe: entry.market.deciding.timeframe, last: last, bars: entry.taken,
        revision: entry.signature))
    return true
  }

  func liveSignal(_ found: LiveFound, _ market: LiveMarket, _ occasion: LiveSignal.Occasion) -> LiveSignal {
    let one = table.strategies[found.strategy]
    return LiveSignal(
      record: Storage.SignalRecord(
        strategy: one.name, version: one.version, symbol: market.name, timeframe: market.deciding.timeframe,
        signal: found.signal), knownAt: found.knownAt, occasion: occasion, title: one.strategy.title,
      notify: one.strategy.notify.of(found.signal), plan: one.strategy.plan, planned: found.planned)
  }

  /// Whether a signal can be kept. A confidence that is no number from 0 to 100 is the strategy's failure.
  private func isSound(_ signal: Signal, _ strategy: Int, _ market: LiveMarket, _ pass: inout LivePass) -> Bool {
    let subject = subject(strategy, market)
    if signal.confidence >= 0, signal.confidence <= 100, signal.price.isFinite {
      parking.noteSuccess(subject)
      return true
    }
    let found = signal.confidence.isNaN ? "no value" : "\(signal.confidence)"
    let fault = LiveFault(
      subject, "its confidence is 0 to 100; at the bar of \(signal.time) it was \(found), and the signal is not said")
    if let failure = parking.note(fault) { pass.failures.append(failure) }
    return false
  }

  private func order(_ pass: inout LivePass) {
    pass.signals = pass.signals.enumerated().sorted { left, right in
      let (one, other) = (left.element.record, right.element.record)
      if one.signal.time != other.signal.time { return one.signal.time < other.signal.time }
      if one.symbol != other.symbol { return one.symbol < other.symbol }
      if one.timeframe != other.timeframe { return one.timeframe.milliseconds < other.timeframe.milliseconds }
      return one.strategy == other.strategy ? left.offset < right.offset : one.strategy < other.strategy
    }.map(\.element)
    pass.corrections.sort { left, right in
      let (one, other) = (left.before, right.before)
      return (one.record.signal.time, one.id) < (other.record.signal.time, other.id)
    }
  }

  /// Asks what goes out, and puts together what is saved.
  private func tell(
    _ pass: inout LivePass, _ changes: inout LiveChanges, _ notices: @Sendable ([LiveEvent]) async -> [[Notice]]
  ) async {
    let fresh = pass.signals.indices.filter { pass.signals[$0].occasion != .first }
    for (place, own) in zip(fresh, await notices(fresh.map { .signal(pass.signals[$0]) })) {
      pass.signals[place].notices = own
    }
    changes.signals += fresh.map { (pass.signals[$0].record, pass.signals[$0].notices) }
    changes.renumbered = pass.renumbered
    let corrected = pass.corrections.indices
    for (place, own) in zip(corrected, await notices(pass.corrections.map { .correction($0) })) {
      pass.corrections[place].notices = own
    }
    for one in pass.corrections {
      changes.corrections.append(
        SignalCorrection(id: one.before.id, signal: one.after, cause: one.cause, notices: one.notices))
    }
  }

  /// Saves a pass. Where that fails its markets are replayed by the next one, which then finds the same again.
  private func save(_ changes: LiveChanges, _ touched: [Int], _ pass: inout LivePass, at now: Instant) async {
    if !settings.isDry, pass.storeFault == nil, !touched.isEmpty {
      do throws(StoreError) {
        var ids = try await store.save(changes, at: now)[...]
        for place in pass.signals.indices where pass.signals[place].occasion != .first {
          pass.signals[place].id = ids.popFirst() ?? nil
        }
      } catch {
        pass.storeFault = error
      }
    }
    if pass.storeFault != nil {
      for place in touched { table.entries[place].isStale = true }
      return
    }
    for (place, mark) in zip(touched, changes.marks) {
      table.entries[place].mark = mark
      for strategy in table.entries[place].strategies where table.entries[place].after[strategy] == nil {
        table.entries[place].after[strategy] = mark.last
      }
      table.entries[place].unsaved.subtract(placed(at: place))
    }
  }
}
