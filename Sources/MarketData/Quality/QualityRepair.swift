public import Trading

/// One value that a repair changed.
public struct QualityChange: Sendable, Hashable {
  /// Where in the rows the value stands.
  public enum Field: Sendable, Hashable {
    case price(CandleSeries.Column)
    case adjustedClose, dividend
    /// The time itself; values are milliseconds since 1970.
    case time
    /// A row that was left out: nothing of the bar changed.
    case row(line: Int)

    var name: String {
      switch self {
      case .price(let column): "\(column)"
      case .adjustedClose: "adj close"
      case .dividend: "dividends"
      case .time: "timestamp"
      case .row(let line): "row of line \(line)"
      }
    }
  }

  public let time: Instant
  let bar: Int
  public let field: Field
  /// NaN where there was, or is, no value.
  public let old: Double
  public let new: Double
  public let kind: QualityKind
  /// The evidence for which it was changed.
  public let why: String
}

/// Rows with what was found in them mended, and every value that this changed.
///
/// Nothing is invented: a value is scaled by a factor that is known, bounded by others of its bar, or taken away.
public struct QualityRepair: Sendable {
  public private(set) var rows: PriceRows
  public private(set) var changes: [QualityChange] = []
  /// What was mended.
  public private(set) var mended: [QualityFinding] = []
  private let rules: QualityRules
  private var why = ""

  /// The order in which kinds are mended: dividends are judged by prices, so these come first.
  private static let order: [QualityKind] = [
    .outOfOrder, .duplicate, .timezoneShift, .highBelowLow, .nonPositive, .gap, .unit100x, .missingSplit, .doubledSplit,
    .spike, .stale, .doubleCountedGain, .badDividend,
  ]

  /// Mends what the rules name, and without a word of theirs whatever is surely wrong; each kind is looked for anew
  /// after those before it.
  public init(_ rows: PriceRows, rules: QualityRules = QualityRules()) {
    self.rows = rows
    self.rules = rules
    for kind in QualityRepair.order where !rules.off.contains(kind) && rules.repair?.contains(kind) != false {
      guard let check = qualityChecks.first(where: { $0.kind == kind }) else { continue }
      let findings = check.findings(in: QualityScan(self.rows, rules: rules)).filter {
        $0.canBeRepaired && (rules.repair != nil || $0.severity == .error)
      }
      // From the newest on: what a close is adjusted by depends on all that is paid after it.
      for finding in findings.reversed() {
        why = finding.evidence
        for edit in finding.edits { apply(edit, kind) }
      }
      mended += findings
    }
  }

  /// The changes as a CSV file: time, field, value before and after (empty where there is none), kind and evidence.
  public var record: String {
    var text = "time,field,old,new,kind,why\n"
    for change in changes {
      let (old, new) = (
        QualityRepair.written(change.old, change.field), QualityRepair.written(change.new, change.field)
      )
      text += "\(change.time),\(change.field.name),\(old),\(new),\(change.kind.rawValue),\"\(change.why)\"\n"
    }
    return text
  }

  private static func written(_ value: Double, _ field: QualityChange.Field) -> String {
    if value.isNaN { return "" }
    return field == .time ? Instant(milliseconds: Int64(value)).description : FieldText.number(value)
  }

  /// The rows as they were before: every change is taken back.
  public var undone: PriceRows {
    var rows = rows
    for change in changes.reversed() {
      switch change.field {
      case .price(let column): rows.columns[column.rawValue][change.bar] = change.old
      case .adjustedClose: rows.adjusted?[change.bar] = change.old
      case .dividend: rows.dividends[change.bar] = change.old
      case .time: rows.times[change.bar] = Instant(milliseconds: Int64(change.old))
      case .row: break
      }
    }
    return rows
  }

  private mutating func apply(_ edit: QualityEdit, _ kind: QualityKind) {
    switch edit {
    case .divide(let bars, let columns, let factor, let adjusted):
      for bar in bars {
        for column in columns { put(column, bar, rows.value(column, bar) / factor, kind) }
        if columns.count < 4 { bound(bar, columns, kind) }
        if adjusted, let value = rows.adjusted?[bar] { putAdjusted(bar, value / factor, kind) }
      }
    case .multiplyVolume(let bars, let factor):
      for bar in bars { put(.volume, bar, rows.value(.volume, bar) * factor, kind) }
    case .set(let bar, let column, let value): put(column, bar, value, kind)
    case .clear(let bars):
      for bar in bars {
        for column in CandleSeries.Column.allCases { put(column, bar, .nan, kind) }
        if rows.adjusted != nil { putAdjusted(bar, .nan, kind) }
      }
    case .setDividend(let bar, let value):
      note(bar, .dividend, rows.dividends[bar], value, kind)
      rows.dividends[bar] = value
    case .readjust(let bar, let share): readjust(before: bar, share: share, kind)
    case .move(let bars, let milliseconds): move(bars, by: milliseconds, kind)
    case .leaveOut(let line, let bar): note(bar, .row(line: line), .nan, .nan, kind)
    case .sort: break
    }
  }

  /// A high or low that was mended reaches as far as open and close.
  private mutating func bound(_ bar: Int, _ columns: [CandleSeries.Column], _ kind: QualityKind) {
    let (open, close) = (rows.value(.open, bar), rows.value(.close, bar))
    if columns.contains(.low) { put(.low, bar, min(open, close, rows.value(.low, bar)), kind) }
    if columns.contains(.high) { put(.high, bar, max(open, close, rows.value(.high, bar)), kind) }
  }

  /// Scales adjusted closes before a bar, so that the step to it is `share`. Where the last of them is no number, those
  /// before it are made anew from the closes.
  private mutating func readjust(before bar: Int, share: Double, _ kind: QualityKind) {
    guard let adjusted = rows.adjusted, let next = (bar..<rows.count).first(where: rows.isWhole),
      let last = (0..<bar).last(where: rows.isWhole), share < 1
    else { return }
    let wanted = adjusted[next] / rows.value(.close, next) * (1 - share)
    let scale = wanted / (adjusted[last] / rows.value(.close, last))
    guard wanted.isFinite, wanted != 0 else { return }
    for earlier in 0..<bar where !adjusted[earlier].isNaN {
      let isSound = scale.isFinite && scale != 0 && adjusted[earlier].isFinite && adjusted[earlier] != 0
      putAdjusted(earlier, isSound ? adjusted[earlier] * scale : rows.value(.close, earlier) * wanted, kind)
    }
  }

  /// Moves bars to another time; where one would stand on or beyond a bar that stays, none is moved.
  private mutating func move(_ bars: Range<Int>, by milliseconds: Int64, _ kind: QualityKind) {
    let first = rows.times[bars.lowerBound].advanced(by: milliseconds)
    let last = rows.times[bars.upperBound - 1].advanced(by: milliseconds)
    if bars.lowerBound > 0, rows.times[bars.lowerBound - 1] >= first { return }
    if bars.upperBound < rows.count, rows.times[bars.upperBound] <= last { return }
    for bar in bars {
      let new = rows.times[bar].advanced(by: milliseconds)
      note(bar, .time, Double(rows.times[bar].milliseconds), Double(new.milliseconds), kind)
      rows.times[bar] = new
    }
  }

  private mutating func put(_ column: CandleSeries.Column, _ bar: Int, _ value: Double, _ kind: QualityKind) {
    let old = rows.value(column, bar)
    guard old != value, !(old.isNaN && value.isNaN) else { return }
    note(bar, .price(column), old, value, kind)
    rows.columns[column.rawValue][bar] = value
  }

  private mutating func putAdjusted(_ bar: Int, _ value: Double, _ kind: QualityKind) {
    guard let old = rows.adjusted?[bar], old != value, !(old.isNaN && value.isNaN) else { return }
    note(bar, .adjustedClose, old, value, kind)
    rows.adjusted?[bar] = value
  }

  private mutating func note(
    _ bar: Int, _ field: QualityChange.Field, _ old: Double, _ new: Double, _ kind: QualityKind
  ) {
    changes.append(
      QualityChange(time: rows.times[bar], bar: bar, field: field, old: old, new: new, kind: kind, why: why))
  }
}
