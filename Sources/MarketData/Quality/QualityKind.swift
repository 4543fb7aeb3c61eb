public import Trading

/// What can be wrong with prices, by the name that reports and the configuration use.
public enum QualityKind: String, Sendable, Hashable, CaseIterable {
  case badDividend = "bad_dividend"
  case currencyMismatch = "currency_mismatch"
  case doubleCountedGain = "double_counted_gain"
  case doubledSplit = "doubled_split"
  case duplicate
  case gap
  case highBelowLow = "high_below_low"
  case missingSplit = "missing_split"
  case nonPositive = "non_positive"
  case outOfOrder = "out_of_order"
  case spike
  case stale
  case timezoneShift = "timezone_shift"
  case unit100x = "unit_100x"
  case zeroVolume = "zero_volume"
}

/// One thing that is wrong with prices, or worth knowing of them.
public struct QualityFinding: Hashable, Sendable {
  public enum Severity: String, Sendable, Hashable, Comparable {
    /// Worth knowing; nothing need be wrong.
    case info
    /// Likely wrong.
    case warning
    /// Wrong.
    case error

    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int { self == .info ? 0 : self == .warning ? 1 : 2 }
  }

  public let kind: QualityKind
  public let severity: Severity
  /// The opening of the first bar that is meant; of a missing bar the time at which it should open.
  public let time: Instant
  /// The opening of the last one.
  public let last: Instant
  /// The line of the first bar in its file; nil where there is no file, or no such line.
  public let line: Int?
  /// What was found, with its figures.
  public let evidence: String
  /// What would mend it; nil where nothing would but other data.
  public let proposal: String?
  /// What that changes; empty where it is left to people.
  let edits: [QualityEdit]

  /// Whether `--repair` can do what is proposed.
  public var canBeRepaired: Bool { !edits.isEmpty }

  init(
    _ kind: QualityKind, _ severity: Severity, _ rows: PriceRows, _ bars: ClosedRange<Int>, _ evidence: String,
    proposal: String? = nil, edits: [QualityEdit] = []
  ) {
    self.init(
      kind, severity, rows.times[bars.lowerBound]...rows.times[bars.upperBound], line: rows.line(of: bars.lowerBound),
      evidence, proposal: proposal, edits: edits)
  }

  init(
    _ kind: QualityKind, _ severity: Severity, _ times: ClosedRange<Instant>, line: Int? = nil, _ evidence: String,
    proposal: String? = nil, edits: [QualityEdit] = []
  ) {
    self.kind = kind
    self.severity = severity
    self.time = times.lowerBound
    self.last = times.upperBound
    self.line = line
    self.evidence = evidence
    self.proposal = proposal
    self.edits = edits
  }
}
