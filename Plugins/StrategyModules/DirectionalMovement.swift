public import PluginKit
public import SeriesMath

/// Wilder's directional movement over columns high, low, close: how much of the ranges of the last n bars lay above the
/// bars before, and how much below.
///
/// A bar's movement up is its rise of the high, its movement down its fall of the low; only the greater counts, and
/// only above 0. Each is summed over n − 1 bars, then kept as sum − sum / n + movement, and the true range likewise.
/// Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
@usableFromInline
struct DirectionalMovement: Sendable {
  @usableFromInline let period: Double
  @usableFromInline var seen = false
  @usableFromInline var up = 0.0
  @usableFromInline var down = 0.0
  @usableFromInline var range = 0.0

  @inlinable
  init(period: Int) { self.period = Double(period) }

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
  mutating func next(_ x: borrowing View) {
    up -= up / period
    down -= down / period
    range -= range / period
    add(x)
  }

  @inlinable
  mutating func add(_ x: borrowing View) {
    let rise = x[0, 0] - x[0, 1]
    let fall = x[1, 1] - x[1, 0]
    up += rise > fall ? max(rise, 0) : 0
    down += fall > rise ? max(fall, 0) : 0
    range += trueRange(high: x[0, 0], low: x[1, 0], lastClose: x[2, 1])
  }
}
