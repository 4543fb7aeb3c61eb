public import Storage

/// Who is let in, and how much they may ask.
public struct GateSettings: Sendable, Equatable {
  /// What those may do who bring no token; nil is nothing.
  public var anonymous: AccessRole?
  /// Names under which the server may be asked, without a port; others are a page that has had its name changed to this
  /// machine's (DNS rebinding).
  public var hosts: Set<String>
  /// Addresses of proxies whose word on where a request comes from is believed.
  public var proxies: Set<String> = []
  /// Requests that one token and one address may make: so many at once, and so many a second after that.
  public var burst = 60.0
  public var perSecond = 20.0
  /// Bytes of a request's body.
  public var bodyLimit = 1 << 20
  /// Requests that are answered at one time; the next is told to come again.
  public var width = 64
  /// The same of signed messages, which take no place of the others.
  public var signedWidth = 128

  public init(anonymous: AccessRole?, hosts: Set<String>) {
    self.anonymous = anonymous
    self.hosts = hosts
  }
}

/// Rates of what is asked, by whom: a bucket for each that fills at a steady rate.
public struct RateBuckets: Sendable {
  private struct Bucket {
    var level: Double
    var at: Int64
  }

  /// Callers that are remembered; of more, those are forgotten that have asked nothing for the longest time.
  private static let most = 10_000

  private let burst, perSecond: Double
  private var buckets: [String: Bucket] = [:]

  public init(burst: Double, perSecond: Double) {
    self.burst = burst
    self.perSecond = perSecond
  }

  /// Takes one; else gives after how many seconds there is one.
  ///
  /// - Parameter now: Milliseconds since 1970.
  public mutating func take(_ name: String, at now: Int64) -> Int? {
    if buckets.count >= RateBuckets.most, buckets[name] == nil { forget(now) }
    var bucket = buckets[name] ?? Bucket(level: burst, at: now)
    bucket.level = min(burst, bucket.level + max(0, Double(now - bucket.at)) / 1_000 * perSecond)
    bucket.at = now
    defer { buckets[name] = bucket }
    guard bucket.level < 1 else {
      bucket.level -= 1
      return nil
    }
    return max(1, Int(((1 - bucket.level) / perSecond).rounded(.up)))
  }

  /// Those that are full again say nothing; where none is, the older half goes.
  private mutating func forget(_ now: Int64) {
    let (burst, perSecond) = (burst, perSecond)
    buckets = buckets.filter { $0.value.level + Double(now - $0.value.at) / 1_000 * perSecond < burst }
    guard buckets.count >= RateBuckets.most else { return }
    let ages = buckets.values.map(\.at).sorted()
    let middle = ages[ages.count / 2]
    buckets = buckets.filter { $0.value.at > middle }
  }
}
