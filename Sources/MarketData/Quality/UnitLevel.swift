import Trading

/// Which of several levels, each a hundred times the one below, is the one that prices are quoted at.
enum UnitLevel {
  /// Units that are a hundredth of a currency, as sources write them.
  private static let hundredths: Set<String> = ["GBp", "GBX", "GBx", "ILA", "ILa", "ZAc", "ZAC", "USX", "EUX"]

  /// The currency where it says; else the level of three quarters of the bars; else the level whose prices are written
  /// with two digits after the point, where the others are not; else that of most bars.
  static func right(among stretches: [(bars: Range<Int>, level: Int)], rows: PriceRows, bars: [Int]) -> Int {
    let levels = Set(stretches.map(\.level)).sorted()
    if rows.currencies.count == 1, let currency = rows.currencies.first, let low = levels.first, let high = levels.last
    {
      if hundredths.contains(currency) { return high }
      if ["GBP", "ILS", "ZAR"].contains(currency) { return low }
    }
    var counts: [Int: Int] = [:]
    for stretch in stretches { counts[stretch.level, default: 0] += stretch.bars.count }
    let most = levels.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? 0
    if counts[most, default: 0] * 4 >= bars.count * 3 { return most }
    var longer: Set<Int> = []
    for stretch in stretches where !longer.contains(stretch.level) {
      let isPlain = stretch.bars.allSatisfy { hasTwoDigits(rows.value(.close, bars[$0])) }
      if !isPlain { longer.insert(stretch.level) }
    }
    let plain = levels.filter { !longer.contains($0) }
    return plain.count == 1 ? plain[0] : most
  }

  /// Whether a price has at most two digits after the point, as far as a number of 32 bits can tell.
  private static func hasTwoDigits(_ price: Double) -> Bool {
    abs(price * 100 - (price * 100).rounded()) <= max(1e-6, price * 100 * 1.2e-7)
  }
}
