public import PluginKit
public import SeriesMath

/// Wilder's directional movement over columns high, low, close: how much of the ranges of the last n bars lay above the
/// bars before, and how much below.
///
/// A bar's movement up is its rise of the high, its movement down its fall of the low; only the greater counts, and
/// only above 0. Each is summed over n − 1 bars, then kept as sum × (1 − 1 / n) + movement, and the true range likewise.
/// Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
@usableFromInline
struct DirectionalMovement: Sendable {
  @usableFromInline let keep: Double
  @usableFromInline var seen = false
  @usableFromInline var up = 0.0
  @usableFromInline var down = 0.0
  @usableFromInline var range = 0.0

  @inlinable
  init(period: Int) { keep = 1 - 1 / Double(period) }

  /// The movement up in percent of the true range; 0 where nothing moved.
  @inlinable var plus: Double { percentage(up, of: range) }
  /// The movement down in percent of the true range; 0 where nothing moved.
  @inlinable var minus: Double { percentage(down, of: range) }

  /// Takes the first n bars; the very first only gives the bar before.
  @inlinable
  mutating func warm(_ x: borrowing View) {
    if seen { add(x) }
    seen = true
  }

  /// Takes every later bar.
  @inlinable
  mutating func next(_ x: borrowing View) { next(move(x)) }

  @inlinable
  @inline(__always)
  mutating func next(_ move: Move) {
    up = up * keep + move.up
    down = down * keep + move.down
    range = range * keep + move.range
  }

  @inlinable
  mutating func add(_ x: borrowing View) {
    let move = move(x)
    up += move.up
    down += move.down
    range += move.range
  }

  @inlinable
  @inline(__always)
  func move(_ x: borrowing View) -> Move { Move(x[0, 0], x[1, 0], x[0, 1], x[1, 1], x[2, 1]) }

  /// What one bar adds.
  @usableFromInline
  struct Move {
    @usableFromInline let up, down, range: Double

    @inlinable
    @inline(__always)
    init(_ up: Double, _ down: Double, _ range: Double) { (self.up, self.down, self.range) = (up, down, range) }

    @inlinable
    @inline(__always)
    init(_ high: Double, _ low: Double, _ lastHigh: Double, _ lastLow: Double, _ lastClose: Double) {
      let (rise, fall) = (high - lastHigh, lastLow - low)
      let (above, below) = (greater(rise, 0), greater(fall, 0))
      up = rise > fall ? above : 0
      down = fall > rise ? below : 0
      range = trueRange(high: high, low: low, lastClose: lastClose)
    }
  }
}
