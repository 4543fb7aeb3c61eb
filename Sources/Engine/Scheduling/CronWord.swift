/// A piece of a text that knows its place there.
struct CronWord {
  let scalars: [Unicode.Scalar]
  /// In Unicode scalars of the whole text.
  let start: Int

  init(_ text: String) { self.init(Array(text.unicodeScalars), start: 0) }

  private init(_ scalars: [Unicode.Scalar], start: Int) {
    self.scalars = scalars
    self.start = start
  }

  var part: Range<Int> { start..<start + max(1, scalars.count) }

  var text: String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  /// Digits alone, at most four.
  var number: Int? {
    guard (1...4).contains(scalars.count), scalars.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
    return Int(text)
  }

  func split(_ mark: Unicode.Scalar) -> [CronWord] { pieces { $0 == mark } }

  /// What stands between blanks.
  var words: [CronWord] { pieces { $0 == " " || $0 == "\t" }.filter { !$0.scalars.isEmpty } }

  private func pieces(_ isMark: (Unicode.Scalar) -> Bool) -> [CronWord] {
    var pieces: [CronWord] = []
    var piece: [Unicode.Scalar] = []
    var first = start
    for (place, scalar) in scalars.enumerated() {
      if isMark(scalar) {
        pieces.append(CronWord(piece, start: first))
        piece = []
        first = start + place + 1
      } else {
        piece.append(scalar)
      }
    }
    return pieces + [CronWord(piece, start: first)]
  }
}
