/// One thing that is wrong in a price file: where it stands, what was found and what is admitted.
public struct PriceFault: Hashable, Sendable {
  /// What a fault is, whatever its wording.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case empty
    case headerOnly = "header_only"
    case notText = "not_text"
    case missingColumn = "missing_column"
    case repeatedColumn = "repeated_column"
    case fieldCount = "field_count"
    case unterminatedQuote = "unterminated_quote"
    case lineTooLong = "line_too_long"
    case unreadableTime = "unreadable_time"
    case timeGoesBack = "time_goes_back"
    case duplicateTime = "duplicate"
    case newestFirst = "newest_first"
    case notANumber = "not_a_number"
    case notFinite = "not_finite"
    case missingPrice = "missing_price"
    case nonPositivePrice = "non_positive"
    case negativeVolume = "negative_volume"
    case highBelowLow = "high_below_low"
  }

  public let kind: Kind
  /// The line, from 1.
  public let line: Int
  /// The column as the header names it; nil where the fault is the row's or the file's.
  public let column: String?
  /// What was found and what is admitted, without the place.
  public let message: String

  public init(kind: Kind, line: Int, column: String? = nil, message: String) {
    self.kind = kind
    self.line = line
    self.column = column
    self.message = message
  }
}

/// The faults of one file while it is read: the first of them in words, all of them counted.
struct FaultList {
  /// How many faults are kept in words.
  static let kept = 20

  private(set) var faults: [PriceFault] = []
  private(set) var total = 0

  /// The wording is made only for a fault that is kept, so that a file of nothing but faults costs no more than another.
  mutating func add(_ kind: PriceFault.Kind, line: Int, column: String? = nil, _ message: () -> String) {
    total += 1
    guard faults.count < FaultList.kept else { return }
    faults.append(PriceFault(kind: kind, line: line, column: column, message: message()))
  }

  /// Takes in the faults of another list, in the order of their lines.
  mutating func merge(_ other: FaultList) {
    total += other.total
    // Sorting is not stable, and two faults of one line should keep their order.
    let both = (faults + other.faults).enumerated().sorted {
      ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
    }
    faults = both.prefix(FaultList.kept).map(\.element)
  }
}
