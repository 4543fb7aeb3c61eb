import Insights
import Notifications
import Storage
import Trading

/// How often the stored calls of a strategy came true, asked of the store once a pass.
actor MeasuredSuccess {
  private struct Key: Hashable {
    var strategy, version: String
    var timeframe: Timeframe
  }

  private let store: any OutcomeStore
  private var known: [Key: [OutcomeTally]] = [:]

  init(_ store: any OutcomeStore) { self.store = store }

  /// Over all symbols of the same text of the strategy, in the signal's direction, at the main horizon; nil for exits,
  /// and under so many outcomes. The base rate is that of the same calls on every bar.
  func success(of record: SignalRecord, samples: Int) async -> SignalFacts.Success? {
    let direction = record.signal.direction
    guard direction.sign != 0 else { return nil }
    let key = Key(strategy: record.strategy, version: record.version, timeframe: record.timeframe)
    if known[key] == nil {
      let horizon = OutcomeTracking.mainHorizon(at: record.timeframe)
      // Where the store does not answer, nothing is known.
      known[key] =
        (try? await store.tallies(
          strategy: key.strategy, version: key.version, timeframe: key.timeframe, horizon: "\(horizon)")) ?? []
    }
    return MeasuredSuccess.success(of: (known[key] ?? []).filter { $0.direction == direction }, samples: samples)
  }

  static func success(of tallies: [OutcomeTally], samples: Int) -> SignalFacts.Success? {
    let count = tallies.reduce(0) { $0 + $1.count }
    guard count >= max(1, samples) else { return nil }
    let bases = tallies.compactMap { tally in tally.base.map { $0 * Double(tally.count) } }
    return SignalFacts.Success(
      rate: Double(tallies.reduce(0) { $0 + $1.successes }) / Double(count), count: count,
      base: bases.count == tallies.count ? bases.reduce(0, +) / Double(count) : nil)
  }
}
