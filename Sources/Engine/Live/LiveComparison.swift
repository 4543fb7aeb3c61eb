import Storage
import Trading

extension LiveRun {
  /// Compares what a market says after a correction of its prices with what the store has of it, up to the bar that had
  /// been evaluated.
  func compare(
    _ found: [LiveFound], with mark: LiveMark, at place: Int,
    _ pass: inout LivePass
  ) async throws(StoreError) {
    let entry = table.entries[place]
    guard let after = entry.tellsAfter else { return }
    struct Key: Hashable {
      let strategy: Int
      let time: Instant
      let direction: Direction
    }
    let strategies = Dictionary(
      entry.strategies.map { (table.strategies[$0].name, $0) }, uniquingKeysWith: { first, _ in first })
    let stored = try await store.signals(
      symbol: entry.market.name, timeframe: entry.market.deciding.timeframe, from: after.advanced(by: 1))
    var known: [Key: StoredSignal] = [:]
    for one in stored {
      let signal = one.record.signal
      guard let strategy = strategies[one.record.strategy], signal.time <= mark.last,
        table.strategies[strategy].version == one.record.version,
        signal.time > entry.after[strategy] ?? mark.last
      else { continue }
      known[Key(strategy: strategy, time: signal.time, direction: signal.direction)] = one
    }
    let cause = "bars of \(entry.market), or of what its strategies read besides, were corrected or came late"
    for one in found {
      let (strategy, signal) = (one.strategy, one.signal)
      let key = Key(strategy: strategy, time: signal.time, direction: signal.direction)
      if let before = known.removeValue(forKey: key) {
        guard before.retractedAt != nil || !signal.saysTheSame(as: before.record.signal) else {
          if signal.bar != before.record.signal.bar { pass.renumbered[before.id] = signal.bar }
          continue
        }
        pass.corrections.append(LiveCorrection(kind: .changed, before: before, after: signal, cause: cause))
      } else {
        pass.signals.append(liveSignal(one, entry.market, .corrected))
      }
    }
    for before in known.values where before.retractedAt == nil {
      // What a parked strategy would say is not known.
      guard let strategy = strategies[before.record.strategy], !parking.isParked(subject(strategy, entry.market)),
        entry.families.contains(where: { table.families[$0]?.strategies.contains(strategy) ?? false })
      else { continue }
      pass.corrections.append(LiveCorrection(kind: .retracted, before: before, after: nil, cause: cause))
    }
  }
}

extension Signal {
  /// The number of its bar does not count: an earlier bar that came late moves it, and says nothing else.
  fileprivate func saysTheSame(as other: Signal) -> Bool {
    confidence == other.confidence && price == other.price && reason == other.reason
  }
}
