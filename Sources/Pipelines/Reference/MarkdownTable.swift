/// A table in Markdown, with an empty line before it.
enum MarkdownTable {
  static func text(_ head: [String], _ rows: [[String]]) -> String {
    "\n" + ([head, head.map { _ in "---" }] + rows).map(line).joined(separator: "\n") + "\n"
  }

  private static func line(_ cells: [String]) -> String {
    "| " + cells.map(escaped).joined(separator: " | ") + " |"
  }

  private static func escaped(_ cell: String) -> String {
    cell.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}
