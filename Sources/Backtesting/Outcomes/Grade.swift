/// How surely the signals of a horizon succeed more often than acting on every bar would.
public enum Grade: String, Sendable, CaseIterable {
  case a = "A"
  case b = "B"
  case c = "C"
  case d = "D"
  case f = "F"

  /// Under so many signals there is no grade.
  public static let leastSignals = 10

  /// The rule in words, as reports print it.
  public static let rule =
    "Grade of the signals: the lower end of the 95 % interval lies at least 10 points above the base rate A, "
    + "at least 5 B, above it C; the interval holds the base rate D; its upper end lies below F; "
    + "fewer than \(leastSignals) signals have no grade."

  /// The grade by the interval of the success rate and the base rate; nil with too few signals.
  init?(_ interval: ClosedRange<Double>?, base: Double?, signals: Int) {
    guard let interval, let base, signals >= Grade.leastSignals else { return nil }
    if interval.upperBound < base {
      self = .f
    } else if interval.lowerBound <= base {
      self = .d
    } else {
      let margin = interval.lowerBound - base
      self = margin >= 0.1 ? .a : margin >= 0.05 ? .b : .c
    }
  }
}
