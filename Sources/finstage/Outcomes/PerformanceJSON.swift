import Backtesting
import Insights
import Pipelines
import Storage

/// What became of stored signals, as JSON: what is undefined, or not rated for want of samples, is null.
struct PerformanceJSON {
  private let performance: Performance
  private let births: [BirthPerformance]
  private let drifts: [DriftRecord]
  private let unplaced: Int
  private let failures: [String]

  init(
    _ performance: Performance, _ births: [BirthPerformance], _ drifts: [DriftRecord], unplaced: Int,
    failures: [String]
  ) {
    self.performance = performance
    self.births = births
    self.drifts = drifts
    self.unplaced = unplaced
    self.failures = failures
  }

  var text: String {
    JSONValue.object([
      ("horizon", .string("\(performance.horizon)")), ("min_samples", .number(Double(performance.minSamples))),
      ("by", .array(performance.dimensions.map { .string($0.rawValue) })),
      ("groups", .array(performance.groups.map { group($0, isTotal: false) })),
      ("total", performance.total.map { group($0, isTotal: true) } ?? .null),
      ("calibration", performance.calibration.map(calibration) ?? .null),
      ("births", .array(births.map(birth))), ("drifts", .array(drifts.map(drift))),
      (
        "left_out",
        .object([
          ("too_long", .number(Double(performance.tooLong))), ("without_bar", .number(Double(unplaced))),
          ("failures", .array(failures.map { .string($0) })),
        ])
      ),
    ]).text
  }

  private func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }

  private func range(_ range: ClosedRange<Double>?) -> JSONValue {
    range.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null
  }

  private func group(_ group: Performance.Group, isTotal: Bool) -> JSONValue {
    let outcome = group.outcome
    let isRated = outcome.count >= performance.minSamples
    func rated(_ value: Double?) -> JSONValue { isRated ? number(value) : .null }
    let key = isTotal ? [] : zip(performance.dimensions, group.key).map { ($0.rawValue, JSONValue.string($1)) }
    return .object(
      key + [
        ("count", .number(Double(outcome.count))), ("open", .number(Double(group.open))),
        ("symbols", .number(Double(group.symbols))), ("versions", .number(Double(group.versions))),
        ("success_rate", rated(outcome.successRate)), ("base_rate", rated(outcome.baseRate)),
        ("excess", rated(outcome.excess)), ("interval", isRated ? range(outcome.interval) : .null),
        ("mean_return", rated(outcome.meanReturn)), ("sharpe", rated(outcome.sharpe)), ("best", rated(group.best)),
        ("worst", rated(group.worst)), ("p_value", number(group.pValue)),
        ("grade", isRated ? outcome.grade.map { .string($0.rawValue) } ?? .null : .null),
        ("rate_grade", group.rateGrade.map { .string($0.rawValue) } ?? .null),
      ])
  }

  private func birth(_ one: BirthPerformance) -> JSONValue {
    func part(_ part: Performance.Group?) -> JSONValue {
      let isRated = (part?.outcome.count ?? 0) >= performance.minSamples
      func rated(_ value: Double?) -> JSONValue { isRated ? number(value) : .null }
      return .object([
        ("count", .number(Double(part?.outcome.count ?? 0))), ("open", .number(Double(part?.open ?? 0))),
        ("success_rate", rated(part?.outcome.successRate)), ("base_rate", rated(part?.outcome.baseRate)),
        ("mean_return", rated(part?.outcome.meanReturn)),
        ("interval", isRated ? range(part?.outcome.interval) : .null),
      ])
    }
    return .object([
      ("strategy", .string(one.strategy)), ("rule", .string(one.birth.rule.description)),
      ("seen", .string("\(one.birth.seen)")),
      ("ancestor", one.birth.ancestor.map { .string($0.description) } ?? .null),
      ("rules", .number(Double(one.birth.rules))), ("before", part(one.before)),
      ("out_of_sample", part(one.outOfSample)),
    ])
  }

  private func calibration(_ calibration: Calibration) -> JSONValue {
    .object([
      ("count", .number(Double(calibration.count))), ("confidence", .number(calibration.confidence)),
      ("success_rate", .number(calibration.rate)), ("brier", .number(calibration.brier)),
      ("base_brier", number(calibration.baseBrier)), ("skill", number(calibration.skill)),
      ("expected_error", .number(calibration.expectedError)),
      (
        "bins",
        .array(
          calibration.bins.map { bin in
            .object([
              ("lower", .number(bin.lower)), ("upper", .number(bin.upper)), ("count", .number(Double(bin.count))),
              ("confidence", .number(bin.confidence)), ("success_rate", .number(bin.rate)),
              ("interval", range(bin.interval)),
            ])
          })
      ),
    ])
  }

  private func drift(_ drift: DriftRecord) -> JSONValue {
    .object([
      ("strategy", .string(drift.strategy)), ("version", .string(drift.version)),
      ("timeframe", .string("\(drift.timeframe)")), ("horizon", .string(drift.horizon)),
      ("raised_at", .string("\(drift.raisedAt)")), ("since", .string("\(drift.since)")),
      ("success_rate", .number(drift.rate)), ("count", .number(Double(drift.count))),
      ("history", .number(drift.history)), ("floor", .number(drift.floor)),
    ])
  }
}
