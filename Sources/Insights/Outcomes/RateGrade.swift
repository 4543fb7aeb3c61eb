/// A success rate as a letter: 80 % and more A, 70 % B, 60 % C, 50 % D, less F. It says nothing of luck, and nothing of
/// what acting on every bar would have come to: `Grade` of a backtest does.
public enum RateGrade: String, Sendable, CaseIterable {
  case a = "A"
  case b = "B"
  case c = "C"
  case d = "D"
  case f = "F"

  public init(_ rate: Double) {
    self = rate >= 0.8 ? .a : rate >= 0.7 ? .b : rate >= 0.6 ? .c : rate >= 0.5 ? .d : .f
  }
}
