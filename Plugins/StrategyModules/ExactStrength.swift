public import PluginKit
public import SeriesMath

/// The relative strength index in TA-Lib's order of operations, to the last bit: what asks where the index stands in
/// its own range would show another one.
@usableFromInline
struct ExactStrength: Sendable {
  @usableFromInline var period = 14
  @usableFromInline var seen = 0
  @usableFromInline var keep = 1.0
  @usableFromInline var share = 1.0
  @usableFromInline var gain = 0.0
  @usableFromInline var loss = 0.0

  @inlinable
  init() {}

  @inlinable
  mutating func start() {
    keep = Double(period - 1)
    share = 1 / Double(period)
  }

  @inlinable
  mutating func warm(_ x: borrowing View) {
    if seen > 0 {
      let move = x[0] - x[1]
      gain += rise(move)
      loss += rise(move) - move
    }
    seen = 1
  }

  @inlinable
  mutating func first(_ x: borrowing View) -> Double { step(x, keep: 1) }

  @inlinable
  mutating func next(_ x: borrowing View) -> Double { step(x, keep: keep) }

  /// Not in place: the compiler would pair gain and loss in memory and wait for it every bar.
  @inlinable
  mutating func step(_ x: borrowing View, keep: Double) -> Double {
    let move = x[0] - x[1]
    let rise = rise(move)
    gain = (gain * keep + rise) * share
    loss = (loss * keep + (rise - move)) * share
    return percentage(gain, of: gain + loss)
  }

  /// Half of |move| + move instead of a branch that the processor cannot foresee.
  @inlinable
  func rise(_ move: Double) -> Double { 0.5 * (abs(move) + move) }
}
