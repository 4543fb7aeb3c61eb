/// When a session opens and closes on the exchange's own clock, in minutes from the midnight at which its date begins:
/// below 0 is the evening before, 1,440 and more the night after.
public struct SessionHours: Hashable, Sendable {
  public let open: Int
  public let close: Int
  /// The pause at midday, where there is one.
  public let pause: Range<Int>?

  /// Nil where the close is not after the opening, the session is longer than a day, it begins or ends more than a day
  /// away from its date, or the pause is not inside it.
  public init?(open: Int, close: Int, pause: Range<Int>? = nil) {
    guard open < close, close - open <= 1_440, open > -1_440, close < 2_880 else { return nil }
    if let pause {
      guard !pause.isEmpty, open < pause.lowerBound, pause.upperBound < close else { return nil }
    }
    self.open = open
    self.close = close
    self.pause = pause
  }

  /// The same day with another close, or another opening; a pause that lies outside then is none.
  func changed(open: Int? = nil, close: Int? = nil) -> SessionHours? {
    let (open, close) = (open ?? self.open, close ?? self.close)
    if let pause, pause.lowerBound >= close { return SessionHours(open: open, close: close) }
    if let pause, pause.upperBound <= open { return SessionHours(open: open, close: close) }
    return SessionHours(open: open, close: close, pause: pause)
      ?? SessionHours(
        open: pause.map { max(open, $0.contains(open) ? $0.upperBound : open) } ?? open,
        close: pause.map { min(close, $0.contains(close) ? $0.lowerBound : close) } ?? close)
  }

  /// How many bars of a length, in minutes, the session has: counted from its opening and again from the end of the
  /// pause, the last of each part cut short.
  func bars(of length: Int) -> Int {
    func bars(_ part: Int) -> Int { (part + length - 1) / length }
    guard let pause else { return bars(close - open) }
    return bars(pause.lowerBound - open) + bars(close - pause.upperBound)
  }

  /// Reads a time of day: `09:30`, `24:00`; with `-1` the day before, with `+1` the day after. Nil where it is none.
  public static func minutes(_ text: some StringProtocol) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5 || bytes.count == 7, bytes[2] == UInt8(ascii: ":") else { return nil }
    func digit(_ place: Int) -> Int? { (48...57).contains(bytes[place]) ? Int(bytes[place]) - 48 : nil }
    guard let h1 = digit(0), let h2 = digit(1), let m1 = digit(3), let m2 = digit(4) else { return nil }
    let (hour, minute) = (h1 * 10 + h2, m1 * 10 + m2)
    guard minute < 60, hour < 24 || (hour == 24 && minute == 0) else { return nil }
    guard bytes.count == 7 else { return hour * 60 + minute }
    guard digit(6) == 1, hour < 24 else { return nil }
    switch bytes[5] {
    case UInt8(ascii: "-"): return hour * 60 + minute - 1_440
    case UInt8(ascii: "+"): return hour * 60 + minute + 1_440
    default: return nil
    }
  }
}
