internal import Trading

/// How many messages may go in a stretch of time.
public struct SendingRate: Hashable, Sendable {
  public var count: Int
  /// Milliseconds.
  public var period: Int64

  public init(_ count: Int, per period: Int64) {
    self.count = max(1, count)
    self.period = max(1, period)
  }

  /// `1/s`, `20/m`, `100/h`; nil where the text is none of these.
  public init?(_ text: String) {
    let words = text.split(separator: "/", omittingEmptySubsequences: false)
    let periods: [Substring: Int64] = ["s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard words.count == 2, let count = Int(words[0]), count > 0, let period = periods[words[1]] else { return nil }
    self.init(count, per: period)
  }
}

/// A bucket that holds as many tokens as messages may go in a stretch, and fills evenly.
struct TokenBucket {
  private let rate: SendingRate
  private var tokens: Double
  private var filledAt: Instant?
  /// Tokens that are taken, and may be given back.
  private var held = 0

  init(_ rate: SendingRate) {
    self.rate = rate
    tokens = Double(rate.count)
  }

  /// From when on there is a token.
  mutating func ready(at moment: Instant) -> Instant {
    fill(at: moment)
    guard tokens < 1 else { return moment }
    let wait = (1 - tokens) * Double(rate.period) / Double(rate.count)
    return moment.advanced(by: Int64(wait.rounded(.up)))
  }

  mutating func take(at moment: Instant) {
    fill(at: moment)
    tokens -= 1
  }

  /// Takes a token of which is not known yet whether it is wanted.
  mutating func hold(at moment: Instant) {
    take(at: moment)
    held += 1
  }

  /// A token that was held is used.
  mutating func use() { held = max(0, held - 1) }

  /// Gives back a token that was held.
  mutating func give() {
    use()
    tokens = min(Double(rate.count), tokens + 1)
  }

  /// A clock that was put back fills nothing, and is gone by from then on.
  private mutating func fill(at moment: Instant) {
    if let filledAt, moment > filledAt {
      let passed = Double(moment.milliseconds - filledAt.milliseconds)
      // A hair more, so that what is short of a token by rounding alone is one.
      // The place of one that may come back is not filled: it would be there twice.
      tokens = min(Double(rate.count - held), tokens + passed * Double(rate.count) / Double(rate.period) + 1e-9)
    }
    filledAt = moment
  }
}
