import Pipelines
public import Storage
public import Trading

extension LiveRun {
  /// Runs these strategies from now on. Those whose text is the same keep their states; the others are brought up from
  /// stored history first, and then all change at once. What was parked is tried again.
  public func apply(_ strategies: [LiveStrategy], at now: Instant) async throws(StoreError) -> LivePass {
    let pass = await exclusively { await self.change(to: strategies) }
    guard !settings.isDry else { return pass }
    try await store.run(
      strategies.map {
        RunningStrategy(
          name: $0.name, version: $0.version, text: $0.strategy.text, since: now, symbols: $0.symbols)
      })
    return pass
  }

  private func change(to strategies: [LiveStrategy]) async -> LivePass {
    var pass = LivePass()
    parking.forgetAll()
    // A table of its own until all is there: a pass that is asked for meanwhile waits, and who reads sees the old one.
    var next = table
    var wanted: [Int: Set<Int>] = [:]
    let chosen = strategies.map { strategy in
      let id = next.place(of: strategy)
      for market in strategy.markets { wanted[next.place(of: market), default: []].insert(id) }
      return id
    }
    next.run(chosen)
    var added: [Int: [Int]] = [:]
    for place in next.entries.indices {
      let before = next.entries[place].strategies
      let now = wanted[place] ?? []
      next.entries[place].strategies = now
      next.entries[place].families.removeAll { id in
        next.families[id].map { now.isDisjoint(with: $0.strategies) } ?? true
      }
      next.forget(now, at: place)
      if next.entries[place].families.isEmpty { next.entries[place].isStale = true }
      let fresh = now.subtracting(before).sorted()
      guard !fresh.isEmpty else { continue }
      added[place] = fresh
      take(fresh, at: place, in: &next)
    }
    table = next
    let standing: [SeriesName: BarStanding]
    do throws(LiveFault) { standing = try await bars.standing(of: table.names) } catch {
      if let failure = parking.note(error) { pass.failures.append(failure) }
      for place in added.keys { table.entries[place].isStale = true }
      return pass
    }
    await bringTails(standing, &pass)
    await build(added, standing, &pass)
    table.forgetUnused()
    for (index, shard) in shards.enumerated() {
      var families: [Int: Set<Int>] = [:]
      for place in table.entries.indices where place % shards.count == index {
        families[place] = Set(table.entries[place].families)
      }
      await shard.keep(families)
    }
    trimTails()
    return pass
  }

  /// Notes what the store knows of strategies that are new on a market.
  private func take(_ fresh: [Int], at place: Int, in next: inout LiveTable) {
    let market = next.entries[place].market
    let key = SeriesName(market.key, market.deciding.timeframe)
    if next.entries[place].mark == nil { next.entries[place].mark = marks.removeValue(forKey: key) }
    for id in fresh {
      let strategy = next.strategies[id]
      if let after = pairs[PairKey(strategy: strategy.name, version: strategy.version, market: key)] {
        next.entries[place].after[id] = after
      } else {
        next.entries[place].after[id] = next.entries[place].mark?.last
        next.entries[place].unsaved.insert(id)
      }
      for (name, series) in market.others(of: strategy.strategy.graph) { next.entries[place].others[name] = series }
    }
  }

  /// Brings up the states of strategies that are new on their markets: to the bar that the market's others stand at, or
  /// to the one that was evaluated last.
  private func build(_ added: [Int: [Int]], _ standing: [SeriesName: BarStanding], _ pass: inout LivePass) async {
    var work: [LiveWork] = []
    for (place, fresh) in added.sorted(by: { $0.key < $1.key }) {
      let ready = fresh.filter { missing(of: $0, at: place) == nil }
      guard !ready.isEmpty else { continue }
      let entry = table.entries[place]
      let family = table.family(of: ready)
      table.entries[place].families.append(family.id)
      guard standing[entry.market.deciding] != nil else { continue }
      let until: LiveWork.Until =
        if !entry.isStale, let last = entry.last { .bar(last) } else if let mark = entry.mark { .bar(mark.last) } else {
          .lastButOne
        }
      work.append(self.work(place, .replay(until, tellsAfter: nil), families: [family.id]))
    }
    let wholes: [SeriesName: LiveTail]
    do throws(LiveFault) { wholes = try await self.wholes(for: work.map(\.place)) } catch {
      if let failure = parking.note(error) { pass.failures.append(failure) }
      for one in work { table.entries[one.place].isStale = true }
      return
    }
    if !wholes.isEmpty {
      work = work.map { self.work($0.place, $0.mode, families: $0.families.map(\.id), wholes: wholes) }
    }
    for answer in await perform(work) {
      var entry = table.entries[answer.place]
      let wasBuilt = !entry.isStale
      pass.replayed += 1
      pass.bars += answer.bars
      if case .failed(let fault) = answer.ending {
        if let failure = parking.note(fault) { pass.failures.append(failure) }
        entry.isStale = true
        table.entries[answer.place] = entry
        continue
      }
      let isAlone = entry.families.count == 1
      if wasBuilt ? (answer.taken, answer.basis) != (entry.taken, entry.basis) : !isAlone {
        entry.isStale = true
      } else {
        if !wasBuilt {
          (entry.taken, entry.last, entry.lastKnown) = (answer.taken, answer.last, answer.lastKnown)
          entry.basis = answer.basis
        }
        entry.otherTaken.merge(answer.otherTaken) { min($0, $1) }
        entry.isStale = false
        entry.signature = signature(of: entry, standing)
        if let mark = entry.mark, !wasBuilt {
          // Something came late or was corrected while nobody looked: the next pass compares.
          entry.isStale = mark.bars != entry.taken || mark.revision != entry.signature
        }
      }
      table.entries[answer.place] = entry
      part(answer.broken, at: answer.place, &pass)
    }
  }

  /// The first series that a strategy reads besides and of which nothing is there; nil where it has all.
  func missing(of strategy: Int, at place: Int) -> SeriesName? {
    table.entries[place].market.others(of: table.strategies[strategy].strategy.graph).values
      .filter { tails[$0] == nil }.min { "\($0)" < "\($1)" }
  }

  /// Parts families whose graph could not go on, so that the others of it do; a strategy alone is parked.
  func part(_ broken: [(family: Int, error: GraphError)], at place: Int, _ pass: inout LivePass) {
    for (id, error) in broken {
      table.entries[place].families.removeAll { $0 == id }
      guard let family = table.families[id] else { continue }
      table.entries[place].isStale = true
      if family.strategies.count > 1 {
        for strategy in family.strategies where table.entries[place].strategies.contains(strategy) {
          table.entries[place].families.append(table.family(of: [strategy]).id)
        }
      } else {
        let fault = LiveFault(subject(family.strategies[0], table.entries[place].market), "\(error)")
        if let failure = parking.park(fault) { pass.failures.append(failure) }
      }
    }
  }
}

extension LiveTable {
  /// What strategies that left a market had there.
  fileprivate mutating func forget(_ now: Set<Int>, at place: Int) {
    entries[place].after = entries[place].after.filter { now.contains($0.key) }
    entries[place].unsaved.formIntersection(now)
    let market = entries[place].market
    let read = now.map { market.others(of: strategies[$0].strategy.graph) }
    entries[place].others = read.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
  }
}
