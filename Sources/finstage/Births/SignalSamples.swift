import Backtesting
import Insights
import Reporting
import Storage
import Trading

/// Tells of stored signals whether they are out-of-sample: of the rule that their strategy has now, and of a bar after
/// the day on which it was born.
struct SignalSamples: Sendable {
  private let register: BirthRegister
  /// The rules of texts, by strategy.
  private var rules: [String: [String: String]] = [:]
  private var births: [String: RuleBirth] = [:]

  /// - Parameter moment: births of rules that were seen by then; nil takes all.
  init(_ strategies: [String], _ store: SQLiteStore, knownAt moment: Instant? = nil) async throws(Failure) {
    let all = try await storing { () async throws(StoreError) in try await store.births() }
    register = BirthRegister(all.filter { birth in moment.map { birth.seen <= $0 } ?? true })
    for name in strategies {
      guard let birth = register.current(of: name) else { continue }
      births[name] = birth
      rules[name] = try await storing { () async throws(StoreError) in try await store.rules(of: name) }
    }
  }

  func birth(of strategy: String) -> RuleBirth? { births[strategy] }

  func sample(_ record: SignalRecord) -> Performance.Sample {
    guard let birth = births[record.strategy] else { return .unstamped }
    let isOwn = rules[record.strategy]?[record.version] == birth.rule.description
    return isOwn && birth.precedes(record.signal.time) ? .outOfSample : .before
  }

  /// Calls of all strategies together, before and after the births of their rules; nil where none of them is stamped.
  func parts(of judged: [JudgedSignals], _ horizon: Horizon) -> DailyReport.Samples? {
    guard !births.isEmpty else { return nil }
    let groups = Performance(judged, horizon: horizon, by: [.sample], minSamples: .max, sample: sample).groups
    func part(_ sample: Performance.Sample) -> HorizonOutcome? {
      groups.first { $0.key == [sample.rawValue] }?.outcome
    }
    return DailyReport.Samples(before: part(.before), outOfSample: part(.outOfSample))
  }

  /// What became of the calls of each strategy whose rule was stamped, before and after its birth.
  func performance(of judged: [JudgedSignals], _ horizon: Horizon) -> [BirthPerformance] {
    guard !births.isEmpty else { return [] }
    // Not tested again: that is done of all that is shown besides.
    let parts = Performance(
      judged, horizon: horizon, by: [.strategy, .sample], minSamples: .max, sample: sample)
    let groups = Dictionary(grouping: parts.groups, by: { $0.key[0] })
    return groups.keys.sorted().compactMap { name in
      births[name].map { birth in
        func part(_ sample: Performance.Sample) -> Performance.Group? {
          groups[name]?.first { $0.key[1] == sample.rawValue }
        }
        return BirthPerformance(
          strategy: name, birth: birth, before: part(.before), outOfSample: part(.outOfSample))
      }
    }
  }
}

/// What became of a strategy's calls before and after the birth of its rule; nil where there were none.
struct BirthPerformance: Sendable {
  let strategy: String
  let birth: RuleBirth
  let before, outOfSample: Performance.Group?

  /// In one line, with the samples; a rate of fewer than `minSamples` calls is not told.
  func line(minSamples: Int) -> String {
    func part(_ group: Performance.Group?) -> String {
      guard let group else { return "none" }
      let outcome = group.outcome
      let open = group.open > 0 ? ", \(group.open) open" : ""
      guard outcome.count >= minSamples, let rate = outcome.successRate else {
        return "\(outcome.count) calls (too few to rate)\(open)"
      }
      let base = outcome.baseRate.map { ", \(percent($0)) on every bar" } ?? ""
      return "\(percent(rate)) of \(outcome.count) calls right\(base)\(open)"
    }
    let ancestor = birth.ancestor.map { " after \($0.description.prefix(8))" } ?? ""
    return "\(strategy): rule \(birth.rule.description.prefix(8))\(ancestor), born \(birth.seen.dateText). "
      + "Before: \(part(before)). Out-of-sample: \(part(outOfSample))."
  }

  private func percent(_ share: Double) -> String { "\((share * 1_000).rounded() / 10)%" }
}
