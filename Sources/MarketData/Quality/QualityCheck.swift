public import Trading

/// One thing that prices are looked through for. One file a check in `Checks`, one line in the list below.
protocol QualityCheck: Sendable {
  static var kind: QualityKind { get }
  /// What is found in the rows, in the order of time.
  static func findings(in scan: QualityScan) -> [QualityFinding]
}

/// The checks, in alphabetical order of their kinds.
let qualityChecks: [any QualityCheck.Type] = [
  BadDividends.self,
  CurrencyMismatches.self,
  DoubleCountedGains.self,
  DoubledSplits.self,
  Duplicates.self,
  Gaps.self,
  HighsBelowLows.self,
  MissingSplits.self,
  NonPositivePrices.self,
  RowsOutOfOrder.self,
  Spikes.self,
  StaleBars.self,
  TimezoneShifts.self,
  UnitErrors.self,
  ZeroVolumes.self,
]

/// What is checked and mended, and how strictly.
public struct QualityRules: Sendable {
  /// Kinds that are not looked for.
  public var off: Set<QualityKind> = []
  /// Kinds that are mended where a repair is asked for; nil mends all that can be.
  public var repair: Set<QualityKind>?
  /// How many times the usual move between two bars a spike is at least.
  public var spikeDeviations = 10.0
  /// How many bars in a row are alike, at least, where they are called stale.
  public var staleBars = 3
  /// The opens that a calendar expects between two moments, both inclusive; nil without a calendar.
  public var expectedOpens: (@Sendable (Instant, Instant) -> [Instant])?
  /// The currency that the configuration names for the instrument.
  public var currency: String?

  public init() {}
}

/// The findings about one history.
public struct QualityReport: Sendable {
  public let findings: [QualityFinding]

  public var hasErrors: Bool { findings.contains { $0.severity == .error } }

  /// Looks through rows, by the time at which each thing begins.
  public static func check(_ rows: PriceRows, rules: QualityRules = QualityRules()) -> QualityReport {
    let scan = QualityScan(rows, rules: rules)
    var all: [QualityFinding] = []
    for check in qualityChecks where !rules.off.contains(check.kind) { all += check.findings(in: scan) }
    let sorted = all.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
    return QualityReport(findings: sorted.map(\.element))
  }
}
