/// The part of a page between `<!-- made by make reference -->` and `<!-- end -->`; the rest is written by hand.
public enum GeneratedSection {
  public static let start = "<!-- made by make reference -->\n"
  public static let end = "<!-- end -->"

  /// The page with a new text in that part; nil where the page has none.
  public static func put(_ text: String, into page: String) -> String? {
    guard let start = page.firstRange(of: start),
      let end = page[start.upperBound...].firstRange(of: end)
    else { return nil }
    return page[..<start.upperBound] + text + "\n" + page[end.lowerBound...]
  }
}
