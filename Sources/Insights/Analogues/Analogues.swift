public import Trading

/// The stretches of the past that look most like the last bars, and what followed them.
///
/// What followed ended before now: a stretch whose horizon is still open is no candidate. No two stretches share more
/// than half of their bars, so that one episode is not counted several times.
public struct Analogues: Hashable, Sendable {
  public struct Stretch: Hashable, Sendable {
    /// The last bar of the stretch, and its distance from the present one (0 is the same shape).
    public var end: Int
    public var time: Instant
    public var distance: Double
    /// The return of the `horizon` bars after it, as a fraction.
    public var followed: Double
  }

  public struct Settings: Hashable, Sendable {
    /// Bars that are compared, 2 or more.
    public var bars = 20
    /// Bars that follow.
    public var horizon = 5
    /// The most stretches.
    public var most = 20

    public init() {}
  }

  public var settings: Settings
  /// The nearest first.
  public var nearest: [Stretch]
  /// What followed the stretches.
  public var followed: Spread
  /// The return of as many bars after each bar of the past: what is to be expected without looking.
  public var base: Spread

  /// Compares the last bars of the closes; nil where they are too few, or one of the last ones is missing.
  public init?(of candles: CandleSeries, _ settings: Settings = Settings()) {
    let closes = Array(candles.totalReturn.column(.close))
    guard settings.bars > 1, settings.horizon > 0, settings.most > 0,
      closes.count > 2 * settings.bars + settings.horizon
    else { return nil }
    let query = Array(closes.suffix(settings.bars))
    // Only what ended before the present stretch began may be compared, and what followed must lie before now.
    let past = closes.count - settings.bars - max(0, settings.horizon - settings.bars)
    let profile = distanceProfile(of: query, in: Array(closes[..<past]))
    guard !profile.isEmpty else { return nil }

    var candidates: [Int] = []
    for start in profile.indices {
      let end = start + settings.bars - 1
      guard profile[start].isFinite, end + settings.horizon < closes.count, closes[end] > 0,
        closes[end + settings.horizon].isFinite
      else { continue }
      candidates.append(start)
    }
    candidates.sort { (profile[$0], $0) < (profile[$1], $1) }
    var chosen: [Int] = []
    for start in candidates where chosen.count < settings.most {
      if chosen.allSatisfy({ abs($0 - start) >= (settings.bars + 1) / 2 }) { chosen.append(start) }
    }
    guard !chosen.isEmpty else { return nil }
    func followed(_ end: Int) -> Double { closes[end + settings.horizon] / closes[end] - 1 }
    self.settings = settings
    nearest = chosen.map { start in
      let end = start + settings.bars - 1
      return Stretch(
        end: end, time: candles.times[end], distance: profile[start], followed: followed(end))
    }
    self.followed = Spread(nearest.map(\.followed))
    base = Spread(
      closes.indices.dropLast(settings.horizon).compactMap { bar in
        closes[bar] > 0 && closes[bar + settings.horizon].isFinite ? followed(bar) : nil
      })
  }
}
