import Pipelines

/// What closed positions won and lost, as returns on what they cost.
struct KellyRecord {
  private var won = 0
  private var lost = 0
  private var gains = 0.0
  private var losses = 0.0

  mutating func close(return value: Double) {
    if value > 0 {
      won += 1
      gains += value
    } else {
      lost += 1
      losses -= value
    }
  }

  /// The share of equity by this record: fraction × (W − (1 − W) / R), between the floor and the cap.
  func share(_ kelly: TradePlan.Kelly) -> Double {
    let closed = won + lost
    guard closed >= kelly.after, won > 0 else { return min(kelly.floor, kelly.cap) }
    let wins = Double(won) / Double(closed)
    let stake: Double
    if lost == 0 || losses == 0 {
      stake = wins
    } else {
      let payoff = (gains / Double(won)) / (losses / Double(lost))
      stake = wins - (1 - wins) / payoff
    }
    return min(max(kelly.fraction * stake, kelly.floor), kelly.cap)
  }
}
