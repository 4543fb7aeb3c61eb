public import Trading

/// By how much the clocks of a place differ from UTC, and since when. The offsets stand in the program: nothing depends
/// on the time zones of the machine.
public struct ClockZone: Sendable, Hashable {
  /// `America/New_York`, `UTC`, or an offset such as `+09:00`.
  public let name: String
  /// Minutes since 1970 in UTC from which the offset beside it holds; the first stands for all time before.
  private let moments: [Int]
  /// Minutes ahead of UTC.
  private let offsets: [Int]

  /// A zone by its name in the tz database, where an exchange of the table keeps it, or `UTC`; or by its offset,
  /// `+09:00`. Nil where it is neither.
  public init?(_ name: String) {
    self.name = name
    if let minutes = ClockZone.offset(name) {
      moments = [.min]
      offsets = [minutes]
      return
    }
    guard let text = CalendarTable.offsets(of: CalendarTable.sameZones[name] ?? name) else { return nil }
    var words = text.split { $0 == " " || $0 == "\n" }.makeIterator()
    guard let first = words.next().flatMap({ Int($0) }) else { return nil }
    var (moments, offsets) = ([Int.min], [first])
    while let word = words.next() {
      guard let moment = ClockZone.minutes(of: word.prefix(12)), let offset = Int(word.dropFirst(12)) else {
        return nil
      }
      moments.append(moment)
      offsets.append(offset)
    }
    (self.moments, self.offsets) = (moments, offsets)
  }

  /// The moment at which the clocks show a time of a day: both counted from midnight, `minute` in minutes, below 0 for
  /// the evening before. Of an hour that the clocks leave out or show twice, one moment is taken, the same always.
  public func moment(day: Int, minute: Int) -> Instant {
    let shown = day * 1_440 + minute
    let near = shown - offset(at: shown)
    return Instant(seconds: Int64(shown - offset(at: near)) * 60)
  }

  /// The day, counted from 1970-01-01, that the clocks show at a moment.
  public func day(at moment: Instant) -> Int {
    let minutes = Int((Double(moment.milliseconds) / 60_000).rounded(.down))
    return Int((Double(minutes + offset(at: minutes)) / 1_440).rounded(.down))
  }

  private func offset(at minutes: Int) -> Int {
    var (low, high) = (0, moments.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if moments[middle] <= minutes { low = middle } else { high = middle }
    }
    return offsets[low]
  }

  /// `+09:00`, `-03:30`; nil where the text is no offset of less than 16 hours.
  static func offset(_ text: String) -> Int? {
    guard let sign = text.utf8.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      let minutes = SessionHours.minutes(text.dropFirst()), minutes < 960
    else { return nil }
    return sign == UInt8(ascii: "-") ? -minutes : minutes
  }

  /// `200003260100` as minutes since 1970.
  private static func minutes(of digits: Substring) -> Int? {
    guard let number = Int(digits),
      let moment = Instant(
        year: number / 100_000_000, month: number / 1_000_000 % 100, day: number / 10_000 % 100,
        hour: number / 100 % 100, minute: number % 100)
    else { return nil }
    return Int(moment.milliseconds / 60_000)
  }
}
