/// Columns of text that stand below each other, two spaces apart.
struct TextTable {
  private let header: [String]
  private var rows: [[String]] = []
  /// Columns that begin at their left edge; the others end at their right.
  private let left: Set<Int>

  init(_ header: [String], left: Set<Int>) {
    self.header = header
    self.left = left
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  var lines: [String] {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let room = String(repeating: " ", count: widths[column] - cell.count)
        line += (column > 0 ? "  " : "") + (left.contains(column) ? cell + room : room + cell)
      }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}
