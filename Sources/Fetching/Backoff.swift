/// How long to wait before another try: exponential backoff with full jitter.
/// Source: M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015.
public struct Backoff: Hashable, Sendable {
  /// The most before the first further try, in milliseconds; doubles with each.
  public var base: Int64 = 500
  /// The most before any, in milliseconds.
  public var cap: Int64 = 30_000

  public init() {}

  /// A wait in milliseconds between 0 and `base` · 2^`tries`, at most `cap`, by a random number in 0 ..< 1.
  public func wait(after tries: Int, random: Double) -> Int64 {
    var most = min(base, cap)
    for _ in 0..<max(0, tries) where most < cap { most = most > cap / 2 ? cap : 2 * most }
    return Int64(Double(most) * min(max(random, 0), 1))
  }
}
