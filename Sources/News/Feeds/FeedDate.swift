public import Calendars
public import Trading

/// A date of a feed, and whether it said in which zone.
public struct FeedDate: Hashable, Sendable {
  public var moment: Instant
  /// The feed named no zone, or none that is known: its clocks are taken to be those of the declared zone.
  public var isZoneAssumed: Bool

  public init(_ moment: Instant, isZoneAssumed: Bool = false) {
    self.moment = moment
    self.isZoneAssumed = isZoneAssumed
  }

  /// Reads the dates of RFC 822 with its successors, ISO 8601, and what feeds make of both: no weekday or a wrong one,
  /// full names of months, years of two digits, no seconds, `2024/01/02`, `2024. 01. 02`, zones by their letters. Nil
  /// where the text is none of these.
  public init?(_ text: String, zone: CivilZone) {
    var words = FeedDateWords(text)
    guard let read = words.read() else { return nil }
    guard let local = Instant(year: read.year, month: read.month, day: read.day, hour: read.hour, minute: read.minute)
    else { return nil }
    let shown = local.milliseconds / 1_000 + Int64(read.second)
    if let offset = read.offset {
      self.init(Instant(milliseconds: (shown - Int64(offset) * 60) * 1_000 + Int64(read.millisecond)))
    } else {
      let moment = zone.first(showing: shown).advanced(by: Int64(read.millisecond))
      self.init(moment, isZoneAssumed: true)
    }
  }
}

/// A date cut into numbers, words and signs.
private struct FeedDateWords {
  struct Read {
    var year = 0
    var month = 0
    var day = 0
    var hour = 0
    var minute = 0
    var second = 0
    var millisecond = 0
    /// Minutes ahead of UTC; nil where none is named.
    var offset: Int?
  }

  private enum Word {
    case number(Int, digits: Int)
    case letters(String)
    case sign(UInt8)
  }

  private var words: [Word] = []
  private var at = 0

  init(_ text: String) {
    let bytes = Array(text.utf8.prefix(80))
    var at = 0
    while at < bytes.count, words.count < 40 {
      let start = at
      if isDigit(bytes[at]) {
        while at < bytes.count, isDigit(bytes[at]) { at += 1 }
        // Of a longer fraction the first nine digits are enough.
        let digits = bytes[start..<at].prefix(13)
        words.append(.number(digits.reduce(0) { $0 * 10 + Int($1 - 48) }, digits: at - start))
      } else if isLetter(bytes[at]) {
        while at < bytes.count, isLetter(bytes[at]) { at += 1 }
        words.append(.letters(String(decoding: bytes[start..<at], as: UTF8.self).lowercased()))
      } else {
        if bytes[at] > 0x20 { words.append(.sign(bytes[at])) }
        at += 1
      }
    }
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  }

  mutating func read() -> Read? {
    if words.count == 1, case .number(let value, let digits) = words[0], digits == 10 || digits == 13 {
      return epoch(digits == 10 ? value : value / 1_000)
    }
    var read = Read()
    guard date(&read), time(&read) else { return nil }
    if case .letters(let half) = peek, half == "am" || half == "pm", (1...12).contains(read.hour) {
      at += 1
      read.hour = read.hour % 12 + (half == "pm" ? 12 : 0)
    }
    read.offset = offset()
    // A day that ends at 24:00 is the next one's midnight, and a leap second the second before.
    return read.hour < 24 && read.minute < 60 ? read : nil
  }

  private var peek: Word? { at < words.count ? words[at] : nil }

  private mutating func sign(_ signs: String) -> Bool {
    guard case .sign(let byte) = peek, signs.utf8.contains(byte) else { return false }
    at += 1
    return true
  }

  private mutating func number(_ digits: ClosedRange<Int>) -> Int? {
    guard case .number(let value, let count) = peek, digits.contains(count) else { return nil }
    at += 1
    return value
  }

  private mutating func letters() -> String? {
    guard case .letters(let word) = peek else { return nil }
    at += 1
    return word
  }

  private mutating func month() -> Int? {
    guard case .letters(let word) = peek, word.count >= 3,
      let place = FeedDateWords.months.firstIndex(where: { $0.hasPrefix(word) || word == "sept" && $0 == "september" })
    else { return nil }
    at += 1
    _ = sign(".")
    return place + 1
  }

  private mutating func date(_ read: inout Read) -> Bool {
    // `Tue,` or `Tuesday`.
    if case .letters = peek, month(at: at) == nil {
      at += 1
      _ = sign(".")
      _ = sign(",")
    }
    if let month = month() {
      guard let day = number(1...2) else { return false }
      _ = sign(",")
      guard let year = number(4...4) else { return false }
      (read.year, read.month, read.day) = (year, month, day)
    } else if let year = number(4...4) {
      guard sign("-/."), let month = number(1...2), sign("-/."), let day = number(1...2) else { return false }
      _ = sign(".")
      (read.year, read.month, read.day) = (year, month, day)
    } else if let day = number(1...2) {
      _ = sign("-")
      guard let month = month() else { return false }
      _ = sign("-")
      guard case .number(let year, let digits) = peek, digits == 2 || digits == 4 else { return false }
      at += 1
      // RFC 5322, 4.3.
      (read.year, read.month, read.day) = (digits == 4 ? year : year < 50 ? 2_000 + year : 1_900 + year, month, day)
    } else if let day = number(8...8) {
      (read.year, read.month, read.day) = (day / 10_000, day / 100 % 100, day % 100)
    } else {
      return false
    }
    return true
  }

  private func month(at place: Int) -> Int? {
    var copy = self
    copy.at = place
    return copy.month()
  }

  /// `13:45:00.250`, where there is one.
  private mutating func time(_ read: inout Read) -> Bool {
    _ = sign(",")
    if case .letters("t") = peek { at += 1 }
    if case .letters("at") = peek { at += 1 }
    guard case .number = peek else { return at == words.count || isZoneNext }
    guard let hour = number(1...2), sign(":"), let minute = number(2...2) else { return false }
    (read.hour, read.minute) = (hour, minute)
    guard sign(":") else { return true }
    guard let second = number(2...2), second <= 60 else { return false }
    read.second = min(second, 59)
    if sign(".,"), case .number(let value, let digits) = peek {
      at += 1
      read.millisecond = digits >= 3 ? leading(value, of: min(digits, 13)) : digits == 2 ? value * 10 : value * 100
    }
    return true
  }

  private var isZoneNext: Bool {
    switch peek {
    case .sign(let byte): byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    case .letters: true
    default: false
    }
  }

  private func leading(_ value: Int, of digits: Int) -> Int {
    var value = value
    for _ in 0..<max(0, digits - 3) { value /= 10 }
    return value
  }

  /// Minutes ahead of UTC: `Z`, `GMT`, `EST`, `+0900`, `+09:00`, `GMT+9`. Nil where there is none that is known.
  private mutating func offset() -> Int? {
    var base: Int?
    if let word = letters() {
      guard let known = FeedDateWords.zones[word] else { return nil }
      base = known
    }
    guard case .sign(let byte) = peek, byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") else { return base }
    at += 1
    guard case .number(let value, let digits) = peek else { return base }
    at += 1
    var (hours, minutes) = digits > 2 ? (value / 100, value % 100) : (value, 0)
    if digits <= 2, sign(":"), let more = number(2...2) { minutes = more }
    guard digits <= 4, hours <= 15, minutes < 60 else { return base }
    if byte == UInt8(ascii: "-") { (hours, minutes) = (-hours, -minutes) }
    return (base ?? 0) + hours * 60 + minutes
  }

  private func epoch(_ seconds: Int) -> Read? {
    let moment = Instant(seconds: Int64(seconds))
    let (year, month, day) = moment.date
    let rest = seconds - moment.day * 86_400
    return Read(
      year: year, month: month, day: day, hour: rest / 3_600, minute: rest / 60 % 60, second: rest % 60, offset: 0)
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]

  /// Letters of zones by minutes ahead of UTC: those of RFC 822 and those that newsrooms write. Other military letters
  /// than Z were given the wrong sign in RFC 822 and mean nothing (RFC 5322, 4.3). IST is India's, BST is Britain's.
  private static let zones: [String: Int] = [
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420,
    "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "bst": 60, "west": 60, "cet": 60,
    "cest": 120, "eet": 120, "eest": 180, "msk": 180, "ist": 330, "hkt": 480, "sgt": 480, "awst": 480, "kst": 540,
    "jst": 540, "acst": 570, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "ast": -240, "adt": -180, "brt": -180,
  ]
}
