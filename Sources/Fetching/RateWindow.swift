/// So many requests in a length of time: `2/s`, `60/m`, `25/d`.
public struct RateWindow: Hashable, Sendable {
  public let count: Int
  /// In milliseconds.
  public let length: Int64

  public init(count: Int, length: Int64) {
    self.count = count
    self.length = length
  }

  /// Nil where the text is no count of 1 to 1,000,000, a slash and `s`, `m`, `h` or `d`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let lengths: [Substring: Int64] = ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard parts.count == 2, parts[0].allSatisfy({ $0.isASCII && $0.isNumber }), let count = Int(parts[0]),
      (1...1_000_000).contains(count), let length = lengths[parts[1]]
    else { return nil }
    self.init(count: count, length: length)
  }
}
