internal import Trading

/// The dates of HTTP headers (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`. The two older forms are not in use.
enum HTTPDate {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Nil where the text is no such date.
  static func read(_ text: String) -> Instant? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT" || words[5] == "UTC",
      let day = number(words[1]), let month = months.firstIndex(of: String(words[2])), let year = number(words[3])
    else { return nil }
    let time = words[4].split(separator: ":", omittingEmptySubsequences: false).map(number)
    guard time.count == 3, let hour = time[0], let minute = time[1], let second = time[2] else { return nil }
    return Instant(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
  }

  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }
}

/// Retry-After in both forms (RFC 9110, 10.2.3).
enum RetryAfter {
  /// The longest that is believed: 30 days.
  private static let longest: Int64 = 30 * 86_400_000

  /// Milliseconds to wait; nil where the answer says nothing that can be read.
  ///
  /// A date is taken against the server's own clock where it says what that shows, else against `now`.
  static func milliseconds(_ headers: [String: String], now: Instant) -> Int64? {
    guard let text = headers["retry-after"] else { return nil }
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return Int64(text).map { min($0, longest / 1_000) * 1_000 } ?? longest
    }
    guard let date = HTTPDate.read(text) else { return nil }
    let theirs = headers["date"].flatMap { HTTPDate.read($0) } ?? now
    return min(max(0, date.milliseconds - theirs.milliseconds), longest)
  }
}
