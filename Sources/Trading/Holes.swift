/// Where columns have no finite value. A series looks once, when it is made; what reads its columns need not look.
struct Holes: Sendable {
  /// The rows that have a hole, ascending, each with its columns.
  private var rows: [(row: Int, columns: CandleSeries.Columns)] = []

  /// `block` holds columns of `count` values, one after another.
  init(_ block: Span<Double>, count: Int) {
    for column in CandleSeries.Column.allCases {
      Holes.look(block.extracting(column.rawValue * count..<(column.rawValue + 1) * count)) { row in
        rows.append((row, CandleSeries.Columns(column)))
      }
    }
    guard rows.count > 1 else { return }
    rows.sort { $0.row < $1.row }
    var kept = 0
    for place in 1..<rows.count {
      if rows[place].row == rows[kept].row {
        rows[kept].columns.formUnion(rows[place].columns)
      } else {
        kept += 1
        rows[kept] = rows[place]
      }
    }
    rows.removeSubrange((kept + 1)...)
  }

  /// The columns that have a hole in these rows.
  func columns(in wanted: Range<Int>) -> CandleSeries.Columns {
    if rows.isEmpty { return [] }
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].row < wanted.lowerBound { low = middle + 1 } else { high = middle }
    }
    var columns = CandleSeries.Columns()
    while low < rows.count, rows[low].row < wanted.upperBound {
      columns.formUnion(rows[low].columns)
      low += 1
    }
    return columns
  }

  private static func look(_ column: Span<Double>, _ found: (Int) -> Void) {
    // All bits of the exponent are set where a value is not finite. No branch a value, so that several are looked at
    // at once.
    let exponent = Double.infinity.bitPattern
    var at = 0
    while at < column.count {
      let part = column.extracting(at..<min(at + 512, column.count))
      var some: UInt64 = 0
      for row in 0..<part.count { some |= part[row].bitPattern & exponent == exponent ? 1 : 0 }
      if some != 0 { for row in 0..<part.count where !part[row].isFinite { found(at + row) } }
      at += part.count
    }
  }
}

extension CandleSeries {
  /// Some of the columns of a series.
  public struct Columns: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let all = Columns(rawValue: 0b11111)

    public init(_ column: Column) { self.init(rawValue: 1 << UInt8(column.rawValue)) }
  }

  /// The columns that have a value which is not finite at some of these bars.
  public func columnsWithHoles(in bars: Range<Int>) -> Columns { holes.columns(in: bars) }
}
