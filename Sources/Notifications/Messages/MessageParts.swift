/// Puts a long text into messages: parted where it says so, else between lines, and within a line only where that alone
/// is too long.
struct MessageParts {
  let limit: Int
  /// What a text costs of the limit.
  let cost: (String) -> Int

  init(limit: Int, cost: @escaping (String) -> Int) {
    self.limit = limit
    self.cost = cost
  }

  /// Texts without the sign, none of them empty, each within the limit.
  func parts(of text: String, at sign: Unicode.Scalar) -> [String] {
    let pieces = text.unicodeScalars.split(separator: sign).map { trimmed(String($0)) }
    return gathered(pieces.filter { !$0.isEmpty }, by: "\n\n") { piece in
      gathered(piece.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }, by: "\n") { line in
        gathered(line.map { String($0) }, by: "") { [$0] }
      }
    }.map(trimmed).filter { !$0.isEmpty }
  }

  /// As many pieces as fit in each text; one that does not fit alone is parted further.
  private func gathered(_ pieces: [String], by separator: String, _ further: (String) -> [String]) -> [String] {
    var texts: [String] = []
    var current: String?
    var spent = 0
    // Costs add up: no sign's form depends on its neighbours.
    let between = cost(separator)
    for piece in pieces {
      let own = cost(piece)
      if let known = current, spent + between + own <= limit {
        current = known + separator + piece
        spent += between + own
        continue
      }
      if let known = current { texts.append(known) }
      if own <= limit {
        (current, spent) = (piece, own)
      } else {
        var parted = further(piece)
        current = parted.popLast()
        spent = current.map(cost) ?? 0
        texts += parted
      }
    }
    return texts + (current.map { [$0] } ?? [])
  }

  private func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while scalars.first == "\n" { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }
}
