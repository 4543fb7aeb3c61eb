import MarketData
import Calendars
import PluginKit
import Trading

/// How a declared source writes its times, and the zone whose clocks they show where they name none.
struct StampFormat: Sendable {
  private enum Form {
    /// ISO 8601, or a number of seconds or milliseconds by its size.
    case plain
    /// A number, of which so many make a second.
    case number(perSecond: Double)
    /// `YYYY`, `MM`, `DD`, `HH`, `mm`, `ss` in their places, other letters as they are.
    case pattern([UInt8])
  }

  private static let numbers = ["seconds": 1, "milliseconds": 1e3, "microseconds": 1e6, "nanoseconds": 1e9]

  private let form: Form
  private let zone: ClockZone?

  init(_ format: String?, timezone: String?) throws(DataSourceError) {
    switch format {
    case nil, "iso": form = .plain
    case .some(let word) where StampFormat.numbers[word] != nil:
      form = .number(perSecond: StampFormat.numbers[word] ?? 1)
    case .some(let pattern) where ["YYYY", "MM", "DD"].allSatisfy(pattern.contains):
      form = .pattern(Array(pattern.utf8))
    case .some(let other):
      let words = ["iso"] + StampFormat.numbers.keys.sorted()
      throw .badSetting(
        name: "time_format",
        "is \(words.joined(separator: ", ")) or a pattern such as DD.MM.YYYY HH:mm; found \"\(other)\"")
    }
    zone = timezone.flatMap { ClockZone($0) }
    if let timezone, zone == nil {
      throw .badSetting(
        name: "timezone", "is the zone of an exchange, such as Asia/Seoul, or an offset, +09:00; found \"\(timezone)\"")
    }
  }

  /// The moment of a stamp; for days, midnight UTC of the date that the zone's clocks show. Nil where it is none.
  func time(_ stamp: JSON?, isDaily: Bool) -> Instant? {
    guard let moment = stamp.flatMap({ moment($0) }) else { return nil }
    return isDaily ? .midnight(ofDay: zone?.day(at: moment) ?? moment.day) : moment
  }

  private func moment(_ stamp: JSON) -> Instant? {
    switch form {
    case .number(let perSecond): return Instant(epoch: stamp.number, unitsPerSecond: perSecond)
    case .plain:
      if case .number(let number) = stamp {
        return Instant(epoch: number, unitsPerSecond: number.magnitude < 1e11 ? 1 : 1_000)
      }
      guard let text = stamp.text, let read = Instant(text) else { return nil }
      let isLocal = text.contains("-") && !StampFormat.namesZone(text)
      return isLocal ? local(read) : read
    case .pattern(let pattern):
      return stamp.text.flatMap { StampFormat.read(Array($0.utf8), by: pattern) }.map { local($0) }
    }
  }

  /// The moment at which the zone's clocks show what `shown` shows in UTC.
  private func local(_ shown: Instant) -> Instant {
    guard let zone else { return shown }
    let inDay = shown.milliseconds - Int64(shown.day) * 86_400_000
    return zone.moment(day: shown.day, minute: Int(inDay / 60_000)).advanced(by: inDay % 60_000)
  }

  /// Whether something stands behind the time of day: `Z`, ` UTC`, `+09:00`.
  private static func namesZone(_ text: String) -> Bool {
    text.dropFirst(10).contains { $0 == "+" || $0 == "-" || $0 == "Z" || $0 == "z" || $0 == "U" }
  }

  private static func read(_ text: [UInt8], by pattern: [UInt8]) -> Instant? {
    guard text.count == pattern.count else { return nil }
    var numbers: [UInt8: Int] = [:]
    for (letter, sign) in zip(pattern, text) {
      guard "YMDHms".utf8.contains(letter) else {
        if letter == sign { continue } else { return nil }
      }
      guard sign >= 48, sign <= 57 else { return nil }
      numbers[letter] = (numbers[letter] ?? 0) * 10 + Int(sign - 48)
    }
    func part(_ letter: Unicode.Scalar) -> Int { numbers[UInt8(ascii: letter)] ?? 0 }
    guard part("Y") > 0 else { return nil }
    return Instant(
      year: part("Y"), month: part("M"), day: part("D"), hour: part("H"), minute: part("m"), second: part("s"))
  }
}
