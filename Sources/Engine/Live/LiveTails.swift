import Trading

/// Series that strategies read besides those that decide.
extension LiveRun {
  /// Brings the tails up to what there is. One that bars were replaced in, or came between, is read anew.
  func bringTails(_ standing: [SeriesName: BarStanding], _ pass: inout LivePass) async {
    let names = Set(table.entries.lazy.filter { !$0.strategies.isEmpty }.flatMap(\.others.values))
    for name in tails.keys where !names.contains(name) { tails[name] = nil }
    for name in names.sorted(by: { "\($0)" < "\($1)" }) {
      guard let there = standing[name] else {
        tails[name] = nil
        continue
      }
      do throws(LiveFault) {
        try await bringTail(of: name, there)
        parking.noteSuccess("\(name)")
      } catch {
        tails[name] = nil
        if let failure = parking.note(error) { pass.failures.append(failure) }
      }
    }
  }

  private func bringTail(of name: SeriesName, _ there: BarStanding) async throws(LiveFault) {
    if var tail = tails[name], tail.revision == there.revision {
      let known = tail.series.count > 0 ? tail.series.count - 1 : nil
      if tail.end + tail.open == there.count, tail.open == 0 { return }
      if let known {
        let found = try await bars.bars(of: name, after: tail.series.times[known])
        if tail.end + found.series.count + found.open == there.count, found.goesOn(behind: tail.series.basis) {
          var more = found.series(behind: tail.series.basis)
          if let calendar = bars.calendar(of: name) {
            more = more.keeping(calendar, after: tail.series.knownAt(known))
          }
          tail.series = tail.series.followed(by: more)
          tail.open = found.open
          tails[name] = tail
          return
        }
      }
    }
    var whole = try await whole(name, there.revision)
    whole.restarts = tails[name].map { $0.restarts + 1 } ?? 0
    tails[name] = whole
  }

  private func whole(_ name: SeriesName, _ revision: Int) async throws(LiveFault) -> LiveTail {
    let found = try await bars.bars(of: name, after: nil)
    let series = bars.calendar(of: name).map { found.series.keeping($0) } ?? found.series
    return LiveTail(series: series, open: found.open, revision: revision)
  }

  /// The whole series that markets read besides, for those that are replayed.
  func wholes(for places: [Int]) async throws(LiveFault) -> [SeriesName: LiveTail] {
    var wholes: [SeriesName: LiveTail] = [:]
    for name in Set(places.flatMap { table.entries[$0].others.values }) {
      guard let tail = tails[name], tail.first > 0 else { continue }
      wholes[name] = try await whole(name, tail.revision)
    }
    return wholes
  }

  /// Lets go of bars that all who read them have taken. The last one is kept: what follows is read behind it.
  func trimTails() {
    var needed: [SeriesName: Int] = [:]
    for entry in table.entries where !entry.strategies.isEmpty {
      for (name, series) in entry.others {
        let taken = entry.isStale ? Int.max : entry.otherTaken[name] ?? 0
        needed[series] = min(needed[series] ?? .max, taken)
      }
    }
    for (name, tail) in tails {
      // By stretches, so that the bars are seldom moved.
      let first = min(needed[name] ?? 0, tail.end - 1)
      guard first - tail.first > 256 else { continue }
      tails[name]?.series = tail.series.bars(first - tail.first..<tail.series.count)
      tails[name]?.first = first
    }
  }

  /// What a market's values depend on besides its own bars' number: replaced bars, and bars of others that were known by
  /// its last one. It stays as it is while nothing is corrected and nothing comes late.
  func signature(of entry: LiveEntry, _ standing: [SeriesName: BarStanding]) -> Int {
    var signature = standing[entry.market.deciding]?.revision ?? 0
    for name in entry.others.values {
      guard let tail = tails[name] else { continue }
      signature += tail.revision + tail.restarts + (entry.lastKnown.map { tail.count(knownBy: $0) } ?? 0)
    }
    return signature
  }
}
