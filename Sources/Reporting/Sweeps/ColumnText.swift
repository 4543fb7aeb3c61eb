/// Columns of text under heads, as wide as they need to be. Where the width does not hold them all, those that matter
/// least are left out, and named.
struct ColumnText: Sendable {
  struct Column: Sendable {
    let head: String
    let cells: [String]
    /// The lowest is left out first; nil never is.
    let weight: Int?
    var isWord = false
  }

  let lines: [String]
  let leftOut: [String]

  init(_ columns: [Column], width: Int, colour: Bool) {
    var kept = columns
    var leftOut: [String] = []
    func size(_ column: Column) -> Int {
      column.cells.reduce(TerminalText.width(column.head)) { max($0, TerminalText.width($1)) }
    }
    while kept.reduce(-2, { $0 + size($1) + 2 }) > width,
      let least = kept.indices.filter({ kept[$0].weight != nil }).min(by: {
        (kept[$0].weight ?? 0) < (kept[$1].weight ?? 0)
      })
    {
      leftOut.append(kept[least].head)
      kept.remove(at: least)
    }
    let widths = kept.map(size)
    func line(_ text: (Column) -> String) -> String {
      zip(kept, widths).map { column, width in
        let cell = text(column)
        return column.isWord ? TerminalText.left(cell, width) : TerminalText.right(cell, width)
      }.joined(separator: "  ")
    }
    let rule = String(repeating: "─", count: max(0, widths.reduce(-2) { $0 + $1 + 2 }))
    let rows = (0..<(kept.first?.cells.count ?? 0)).map { row in line { $0.cells[row] } }
    lines =
      [
        TerminalColour.dim.paint(line { $0.head }, when: colour), TerminalColour.dim.paint(rule, when: colour),
      ] + rows
    self.leftOut = leftOut
  }
}
