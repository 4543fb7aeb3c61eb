import SeriesMath
public import Trading

/// A strategy against entries at random times: its own positions, each as long, on its side, of its cost and so often, but
/// entered at bars drawn by lot. What it earns above that is timing; what rising prices give to whoever is long is not.
public struct RandomEntries: Hashable, Sendable {
  /// Mean return of a position after fees, as a fraction of what it cost: the strategy's, and the mean over the draws.
  public var mean, randomMean: Double
  /// The share of the draws that did at least as well, the strategy itself counted as one of them; never 0.
  public var p: Double
  public var positions: Int
  public var draws: Int
}

/// Draws `draws` times new entries for the positions of a result, over the candles it was made on.
///
/// A draw lays the positions, in an order drawn by lot, onto the counted bars so that no two overlap; what is left free is
/// parted between them by as many cuts at random. A position is entered at a bar's open and left so many bars later as it
/// was, at the open where a signal or its age ended it, and at the close where a stop or a target did so inside the bar or
/// the data ended; a result that fills at closes enters and leaves at closes. Parts of a position that left earlier do so
/// here too. Fees are the same share of the cost. Nil without positions or
/// draws, for positions of several symbols, and where a trade's bar is not found.
public func randomEntries(
  _ result: BacktestResult, on candles: CandleSeries, fill: BacktestOptions.Fill, draws: Int, seed: UInt64
) -> RandomEntries? {
  guard draws > 0, let timeline = Timeline(result, candles, fill) else { return nil }
  let own = timeline.mean
  var random = SplitMix64(seed: seed)
  var (better, sum) = (0, 0.0)
  for _ in 0..<draws {
    let mean = timeline.draw(&random)
    sum += mean
    // As good but for rounding is as good: a strategy in all the time has one place only.
    if mean >= own - 1e-12 * abs(own) { better += 1 }
  }
  guard own.isFinite, sum.isFinite else { return nil }
  return RandomEntries(
    mean: own, randomMean: sum / Double(draws), p: Double(1 + better) / Double(1 + draws),
    positions: timeline.positions.count, draws: draws)
}

extension [Trade] {
  fileprivate var cost: Double { reduce(0) { $0 + $1.quantity * $1.entryPrice } }
}

/// The counted bars that have prices, and the positions that were laid onto them.
private struct Timeline {
  struct Part {
    /// Bars from the entry to the exit.
    var length: Int
    /// Whether it leaves at the open of its last bar, or at the close.
    var leavesAtOpen: Bool
    /// The share of the position's cost, below 0 for a short one.
    var weight: Double
  }

  struct Position {
    var parts: [Part]
    /// Bars that it keeps from others.
    var length: Int
    /// Fees as a share of the cost.
    var fees: Double
  }

  private(set) var positions: [Position] = []
  /// Mean return of the positions as they were.
  private(set) var mean = 0.0
  private var opens: [Double] = []
  private var closes: [Double] = []
  private let fill: BacktestOptions.Fill
  private var free = 0

  init?(_ result: BacktestResult, _ candles: CandleSeries, _ fill: BacktestOptions.Fill) {
    self.fill = fill
    var places: [Instant: Int] = [:]
    let isOfOneSymbol = result.trades.allSatisfy { $0.symbol == nil && $0.leg == nil }
    guard let first = result.times.first, let last = result.times.last, isOfOneSymbol else { return nil }
    for bar in 0..<candles.count where (first...last).contains(candles.times[bar]) && !candles.isMissing(bar) {
      places[candles.times[bar]] = opens.count
      opens.append(candles.value(.open, at: bar))
      closes.append(candles.value(.close, at: bar))
    }
    guard opens.allSatisfy({ $0 > 0 }), closes.allSatisfy({ $0 > 0 }) else { return nil }
    for trades in Dictionary(grouping: result.trades, by: \.positionID).sorted(by: { $0.key < $1.key }).map(\.value) {
      let cost = trades.cost
      guard cost > 0, cost.isFinite else { return nil }
      var position = Position(parts: [], length: 0, fees: trades.reduce(0) { $0 + $1.fees } / cost)
      for trade in trades {
        guard let entry = places[trade.entryTime], let exit = places[trade.exitTime], exit >= entry else { return nil }
        let weight = trade.quantity * trade.entryPrice / cost * trade.side.sign
        let leavesAtOpen = trade.exitReason == .signal || trade.exitReason == .maxBars
        position.parts.append(Part(length: exit - entry, leavesAtOpen: leavesAtOpen, weight: weight))
        position.length = max(position.length, exit - entry)
      }
      positions.append(position)
      mean += trades.reduce(0) { $0 + $1.pnl } / cost
    }
    mean /= Double(positions.count)
    free = opens.count - 1 - positions.reduce(0) { $0 + $1.length }
    guard !positions.isEmpty, free >= 0 else { return nil }
  }

  /// The mean return of the positions, laid anew.
  func draw(_ random: inout SplitMix64) -> Double {
    let order = positions.shuffled(using: &random)
    let cuts = order.map { _ in random.below(free + 1) }.sorted()
    var taken = 0
    var sum = 0.0
    for (position, cut) in zip(order, cuts) {
      let entry = taken + cut
      taken += position.length
      let price = fill == .nextOpen ? opens[entry] : closes[entry]
      for part in position.parts {
        let exit = entry + part.length
        let leaves = fill == .nextOpen && part.leavesAtOpen ? opens[exit] : closes[exit]
        sum += part.weight * (leaves / price - 1)
      }
      sum -= position.fees
    }
    return sum / Double(order.count)
  }
}
