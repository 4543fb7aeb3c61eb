public import Trading

/// How the data are cut for a walk forward: the best on the training part of a window is traded over the test part that
/// follows it, and the window moves on.
public struct WalkPlan: Hashable, Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// The training part moves along.
    case rolling
    /// The training part begins with the data and grows.
    case anchored
  }

  public var kind: Kind
  public var train, test: WalkSpan
  /// How far a window lies after the one before; nil is the length of the test part.
  public var step: WalkSpan?

  public init(kind: Kind, train: WalkSpan, test: WalkSpan, step: WalkSpan? = nil) {
    (self.kind, self.train, self.test, self.step) = (kind, train, test, step)
  }

  /// One window, in UTC dates that are both inclusive.
  public struct Window: Hashable, Sendable {
    public var train, test: ClosedRange<Instant>
  }

  /// The windows over some bars, the last one with what is left of its test part. Windows begin and end with UTC dates.
  ///
  /// Nil where a window would test bars that the one before has tested.
  public func windows(over times: [Instant]) -> [Window]? {
    guard let first = times.first, let last = times.last else { return [] }
    let step = step ?? test
    var windows: [Window] = []
    var number = 0
    while windows.count < 10_000 {
      let origin = step.day(after: first.day, times: number, in: times)
      let start = kind == .rolling ? origin : first.day
      let middle: Int
      switch kind {
      case .rolling: middle = train.day(after: origin, times: 1, in: times)
      case .anchored:
        middle = step.day(after: train.day(after: first.day, times: 1, in: times), times: number, in: times)
      }
      guard middle > start, middle <= last.day else { break }
      let end = min(test.day(after: middle, times: 1, in: times), last.day + 1)
      guard end > middle else { break }
      let window = Window(train: WalkPlan.dates(start, middle), test: WalkPlan.dates(middle, end))
      if let before = windows.last, before.test.upperBound >= window.test.lowerBound { return nil }
      windows.append(window)
      number += 1
    }
    return windows
  }

  private static func dates(_ start: Int, _ end: Int) -> ClosedRange<Instant> {
    Instant(seconds: Int64(start) * 86_400)...Instant(seconds: Int64(end - 1) * 86_400)
  }
}
