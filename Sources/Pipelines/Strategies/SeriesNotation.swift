/// The notation of test series: `100x30` is thirty times 100, `101+1x5` is 101 102 103 104 105, `_x3` three missing
/// values, and single numbers stand for themselves.
public enum SeriesNotation {
  /// The longest series that a test may write down.
  public static let limit = 100_000

  public struct Fault: Error, Sendable {
    /// In Unicode scalars of the text.
    public var range: Range<Int>
    public var message: String
  }

  /// The values; a missing one is NaN.
  public static func values(of text: String) throws(Fault) -> [Double] {
    var values: [Double] = []
    let scalars = Array(text.unicodeScalars)
    var at = 0
    while at < scalars.count {
      if scalars[at].properties.isWhitespace || scalars[at] == "," {
        at += 1
        continue
      }
      let start = at
      while at < scalars.count, !scalars[at].properties.isWhitespace, scalars[at] != "," { at += 1 }
      let word = String(String.UnicodeScalarView(scalars[start..<at]))
      let (first, step, count) = try item(word, start..<at)
      guard first.isNaN || (first + step * Double(count - 1)).isFinite else {
        throw Fault(range: start..<at, message: "\"\(word)\" grows beyond the greatest number")
      }
      guard values.count + count <= limit else {
        throw Fault(range: start..<at, message: "the series is longer than \(limit) bars")
      }
      for index in 0..<count { values.append(first + step * Double(index)) }
    }
    guard !values.isEmpty else { throw Fault(range: 0..<1, message: "the series is empty") }
    return values
  }

  private static func item(_ word: String, _ range: Range<Int>) throws(Fault) -> (Double, Double, Int) {
    let fault = Fault(
      range: range, message: "\"\(word)\" is no series; write 100, 100x30, 101+1x5, 110-0.5x4 or _x3")
    let parts = word.split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count <= 2, let head = parts.first else { throw fault }
    var count = 1
    if parts.count == 2 {
      guard let times = Int(parts[1]), times >= 1 else { throw fault }
      guard times <= limit else { throw Fault(range: range, message: "the series is longer than \(limit) bars") }
      count = times
    }
    if head == "_" { return (.nan, 0, count) }
    let signs = head.indices.dropFirst().filter { head[$0] == "+" || head[$0] == "-" }
    guard signs.count <= 1 else { throw fault }
    let end = signs.first ?? head.endIndex
    guard let first = Diagnostics.number(String(head[..<end]), percent: false) else { throw fault }
    guard let sign = signs.first else { return (first, 0, count) }
    guard parts.count == 2, let step = Diagnostics.number(String(head[sign...]), percent: false) else { throw fault }
    return (first, step, count)
  }
}
