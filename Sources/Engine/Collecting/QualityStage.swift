public import MarketData
public import Storage
public import Trading

/// The stage of collecting that looks through the prices of a series, and mends them where it is told to.
///
/// What it finds is noted in the store by severity, so that whoever reads the prices can be told without a check of its
/// own. A check reads the whole series: what is usual is told by all of it.
public struct QualityStage: Sendable {
  /// What becomes of what is found.
  public enum Practice: String, Sendable, CaseIterable {
    /// Nothing is looked for.
    case nothing = "none"
    /// It is said, and nothing is mended.
    case check
    /// What the rules name is mended, as a revision that can be taken back.
    case repair
  }

  private let store: any CandleStore & RepairStore
  private let rules: QualityRules
  private let practice: Practice
  private let now: @Sendable () -> Instant

  /// Nil where nothing is to be looked for.
  public init?(
    _ practice: Practice, _ rules: QualityRules, in store: any CandleStore & RepairStore,
    now: @escaping @Sendable () -> Instant
  ) {
    if practice == .nothing { return nil }
    self.practice = practice
    self.rules = rules
    self.store = store
    self.now = now
  }

  /// Bars beyond which a series that only grew is looked through once a day, for a check reads all of it.
  static let large = 50_000

  /// The same once something of the series was saved; nil where there is nothing to look through.
  public func run(_ key: CandleKey, after saved: SavedCandles) async throws(StoreError) -> CheckedSeries? {
    guard saved.changesAnything else { return nil }
    let onlyGrew = saved.corrected + saved.readjusted + saved.actions == 0 && saved.new < 1_000
    if onlyGrew, let last = try await store.check(of: key), let coverage = try await store.coverage(key),
      coverage.count > QualityStage.large, now() < last.checkedAt.advanced(by: 86_400_000)
    {
      return nil
    }
    return try await run(key)
  }

  /// Checks a series, mends it where that is the practice, and notes what is left.
  public func run(_ key: CandleKey) async throws(StoreError) -> CheckedSeries {
    let history = try await store.history(key)
    let rows = PriceRows(history)
    let found = QualityReport.check(rows, rules: rules)
    var checked = CheckedSeries(key: key, rows: rows, report: found, left: found, mended: [], repair: nil)
    if practice == .repair, found.findings.contains(where: \.canBeRepaired) {
      let mend = QualityRepair(rows, rules: rules)
      if !mend.changes.isEmpty {
        checked.repair = try await store.repair(
          key, from: history, to: mend.applied(to: history), reasons: mend.mended.map { QualityStage.reason($0, rows) },
          at: now())
        checked.mended = mend.mended
        checked.left = QualityReport.check(PriceRows(try await store.history(key)), rules: rules)
      }
    }
    try await store.note(CandleCheck(checked.left, at: now()), of: key)
    return checked
  }

  /// What a check would find, without noting it.
  public static func look(
    at key: CandleKey, in store: any CandleStore, _ rules: QualityRules
  ) async throws(StoreError) -> CheckedSeries {
    let rows = PriceRows(try await store.history(key))
    let found = QualityReport.check(rows, rules: rules)
    return CheckedSeries(key: key, rows: rows, report: found, left: found, mended: [], repair: nil)
  }

  private static func reason(_ finding: QualityFinding, _ rows: PriceRows) -> String {
    "\(finding.kind.rawValue) \(finding.time): \(finding.evidence)"
  }
}

/// What a check found in a series, and what became of it.
public struct CheckedSeries: Sendable {
  public let key: CandleKey
  /// As they were before a repair.
  public let rows: PriceRows
  public let report: QualityReport
  /// What is found after a repair; the same where there was none.
  public internal(set) var left: QualityReport
  public internal(set) var mended: [QualityFinding]
  public internal(set) var repair: CandleRepair?
}

extension CandleCheck {
  public init(_ report: QualityReport, at moment: Instant) {
    func count(_ severity: QualityFinding.Severity) -> Int { report.findings.count { $0.severity == severity } }
    self.init(checkedAt: moment, errors: count(.error), warnings: count(.warning), notes: count(.info))
  }
}
