import Trading

/// A distribution beside the prices around it.
struct Payment: Sendable {
  /// The bar at which it is declared.
  var bar: Int
  /// The first whole bar from there on, as a place among them.
  var place: Int
  var time: Instant
  var amount: Double
  var gain: Double
  /// The close of the last whole bar before.
  var before: Double
  /// How far the price fell from that close to the next, as a share of it; the same to the next low.
  var fall: Double
  var deepest: Double
  /// The share of the price by which the adjusted close steps; nil where there is none, or no finite one.
  var step: Double?
  /// Whether an adjusted close beside it is infinite or not above 0.
  var isBroken = false

  /// What was paid as a share of the close before.
  var share: Double { amount / before }
  var gainShare: Double { gain / before }

  /// The distributions that have a whole bar on either side, in the order of time.
  static func all(in scan: QualityScan) -> [Payment] {
    let rows = scan.rows
    guard !rows.dividends.isEmpty || !rows.gains.isEmpty else { return [] }
    var payments: [Payment] = []
    var place = 0
    for bar in 0..<rows.count where rows.dividend(bar) > 0 || rows.gain(bar) > 0 {
      while place < scan.bars.count, scan.bars[place] < bar { place += 1 }
      guard place > 0, place < scan.bars.count else { continue }
      payments.append(Payment(rows, bar: bar, place: place, last: scan.bars[place - 1], next: scan.bars[place]))
    }
    return payments
  }

  private init(_ rows: PriceRows, bar: Int, place: Int, last: Int, next: Int) {
    self.bar = bar
    self.place = place
    time = rows.times[bar]
    amount = rows.dividend(bar)
    gain = rows.gain(bar)
    before = rows.value(.close, last)
    fall = 1 - rows.value(.close, next) / before
    deepest = max(fall, 1 - rows.value(.low, next) / before)
    guard let adjusted = rows.adjusted, !adjusted[last].isNaN, !adjusted[next].isNaN else { return }
    isBroken = !(adjusted[last] > 0 && adjusted[last].isFinite && adjusted[next] > 0 && adjusted[next].isFinite)
    let step = 1 - adjusted[last] / before / (adjusted[next] / rows.value(.close, next))
    self.step = step.isFinite ? step : nil
  }

  /// The median share of dividends; nil with fewer than two that could be.
  static func usualShare(_ payments: [Payment]) -> Double? {
    let shares = payments.filter { $0.amount > 0 && $0.share < 0.5 }.map(\.share).sorted()
    return shares.count < 2 ? nil : shares[shares.count / 2]
  }
}

/// Dividends that stand twice within days, the same or a hundred times the amount.
enum PhantomDividends {
  private static let window: Int64 = 7 * 86_400_000

  /// The phantoms, each with the one that is real.
  static func among(_ payments: [Payment]) -> [Int: Int] {
    let paid = payments.indices.filter { payments[$0].amount > 0 }
    let distances = zip(paid.dropFirst(), paid).map { payments[$0].time.milliseconds - payments[$1].time.milliseconds }
    var phantoms: [Int: Int] = [:]
    for (second, first) in zip(paid.dropFirst(), paid) {
      let distance = payments[second].time.milliseconds - payments[first].time.milliseconds
      // Weekly payers pay the same again and again.
      let others = distances.filter { $0 != distance }.sorted()
      guard distance <= window, phantoms[first] == nil, others.isEmpty || others[others.count / 2] >= 3 * distance
      else { continue }
      let ratio = payments[first].amount / payments[second].amount
      if abs(ratio - 1) < 0.01 {
        let isFirst = payments[first].fall <= payments[second].fall
        phantoms[isFirst ? first : second] = isFirst ? second : first
      } else if abs(ratio / 100 - 1) < 0.01 || abs(ratio * 100 - 1) < 0.01 {
        let usual = Payment.usualShare(paid.filter { $0 != first && $0 != second }.map { payments[$0] }) ?? 0.01
        let isFirst =
          abs(Logarithm.of(payments[first].share / usual)) > abs(Logarithm.of(payments[second].share / usual))
        phantoms[isFirst ? first : second] = isFirst ? second : first
      }
    }
    return phantoms
  }
}
