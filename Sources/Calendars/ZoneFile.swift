extension CivilZone {
  /// Reads a zone file of version 2 or later (TZif, RFC 9636); nil where the bytes are none.
  init?(name: String, zoneFile bytes: [UInt8]) {
    guard let first = ZoneHeader(bytes, at: 0), first.version >= UInt8(ascii: "2"),
      let header = ZoneHeader(bytes, at: ZoneHeader.length + first.size(ofTime: 4)), header.types > 0
    else { return nil }
    let times = ZoneHeader.length + first.size(ofTime: 4) + ZoneHeader.length
    let kinds = times + header.times * 8
    let types = kinds + header.times
    let end = times + header.size(ofTime: 8)
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\n") else { return nil }

    func offset(ofType type: Int) -> Int64? {
      guard type < header.types else { return nil }
      return Int64(Int32(truncatingIfNeeded: bytes.number(at: types + type * 6, length: 4)))
    }
    guard let earliest = offset(ofType: 0) else { return nil }
    var (changes, offsets): ([Int64], [Int64]) = ([.min], [earliest])
    for index in 0..<header.times {
      guard let offset = offset(ofType: Int(bytes[kinds + index])) else { return nil }
      let moment = bytes.number(at: times + index * 8, length: 8)
      // Some writers begin with a moment before all time, for readers of old.
      guard moment > -(1 << 40) else {
        offsets[0] = offset
        continue
      }
      guard let last = changes.last, moment > last, moment < 1 << 40 else { return nil }
      changes.append(moment)
      offsets.append(offset)
    }
    let footer = bytes[(end + 1)...].prefix { $0 != UInt8(ascii: "\n") }
    if !footer.isEmpty {
      guard let rule = ZoneRule(String(decoding: footer, as: UTF8.self)) else { return nil }
      for (moment, offset) in rule.changes(after: changes.last ?? .min) where offset != offsets.last {
        changes.append(moment)
        offsets.append(offset)
      }
    }
    guard offsets.allSatisfy({ abs($0) < 93_600 }) else { return nil }
    self.init(name: name, changes: changes, offsets: offsets)
  }
}

/// The counts at the head of each part of a zone file.
private struct ZoneHeader {
  static let length = 44
  let version: UInt8
  let times: Int
  let types: Int
  private let (isUT, isStandard, leaps, characters): (Int, Int, Int, Int)

  init?(_ bytes: [UInt8], at place: Int) {
    guard place >= 0, place + ZoneHeader.length <= bytes.count, bytes[place..<place + 4].elementsEqual("TZif".utf8)
    else { return nil }
    version = bytes[place + 4]
    func count(_ field: Int) -> Int { Int(bytes.number(at: place + 20 + field * 4, length: 4)) }
    (isUT, isStandard, leaps) = (count(0), count(1), count(2))
    (times, types, characters) = (count(3), count(4), count(5))
    // So that sums stay small; no zone comes near.
    guard max(isUT, isStandard, leaps, times, types, characters) <= 100_000 else { return nil }
    guard place + ZoneHeader.length + size(ofTime: 4) <= bytes.count else { return nil }
  }

  /// Bytes of what follows.
  func size(ofTime length: Int) -> Int {
    times * (length + 1) + types * 6 + characters + leaps * (length + 4) + isStandard + isUT
  }
}

extension [UInt8] {
  /// A number in network order, of 4 bytes without a sign and of 8 with one. The bytes must be there.
  fileprivate func number(at place: Int, length: Int) -> Int64 {
    self[place..<place + length].reduce(Int64(0)) { $0 << 8 | Int64($1) }
  }
}
