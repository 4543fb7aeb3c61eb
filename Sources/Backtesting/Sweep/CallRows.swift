/// The calls of one combination over a block of bars, as rows of words: bit i of word w is bar 64 w + i.
struct CallRows {
  /// Where it buys, where it sells, where either; where it may leave a long or a short position, and where either that
  /// or a call.
  enum Row: Int {
    case buys, sells, either, exitsLong, exitsShort, whileLong, whileShort

    static let count = 7
  }

  private var words = [UInt64](repeating: 0, count: Row.count * PriceBlock.words)

  /// Takes the calls of a block, 64 bars at a time. What may be left is nil for calls that have no exits of their own.
  @inline(__always)
  mutating func fill(_ calls: (_ word: Int) -> (buys: UInt64, sells: UInt64, exits: (long: UInt64, short: UInt64)?)) {
    var words = words.mutableSpan
    for word in 0..<PriceBlock.words {
      let (buys, sells, exits) = calls(word)
      words[word] = buys
      words[PriceBlock.words &+ word] = sells
      words[2 &* PriceBlock.words &+ word] = buys | sells
      guard let exits else { continue }
      words[3 &* PriceBlock.words &+ word] = exits.long
      words[4 &* PriceBlock.words &+ word] = exits.short
      words[5 &* PriceBlock.words &+ word] = buys | sells | exits.long
      words[6 &* PriceBlock.words &+ word] = buys | sells | exits.short
    }
  }

  /// The first bar of a row from a place on.
  @inline(__always)
  func next(_ row: Row, from place: Int) -> Int? {
    guard place < PriceBlock.limit else { return nil }
    let start = row.rawValue &* PriceBlock.words
    var word = place &>> 6
    var bits = words[start &+ word] & (~0 &<< UInt64(place & 63))
    while bits == 0 {
      word &+= 1
      guard word < PriceBlock.words else { return nil }
      bits = words[start &+ word]
    }
    return word &<< 6 | bits.trailingZeroBitCount
  }

  @inline(__always)
  func word(_ row: Row, _ word: Int) -> UInt64 { words[row.rawValue &* PriceBlock.words &+ word] }

  @inline(__always)
  func holds(_ row: Row, at place: Int) -> Bool {
    words[row.rawValue &* PriceBlock.words &+ place &>> 6] &>> UInt64(place & 63) & 1 == 1
  }
}
