public import Trading

/// Keeps the candles that sources gave, with where and when each came from.
///
/// What has been saved stays: a later correction is a new edition of the bar, and the one it replaced can still be
/// read. Every call either takes place whole or not at all.
public protocol CandleStore: Sendable {
  /// Saves bars with their actions and currency. Missing bars (rows whose close is NaN) are not saved and take
  /// nothing away; an adjusted close that is missing leaves the one that is there.
  ///
  /// - Parameters:
  ///   - history: Times ascend strictly; its timeframe is the key's.
  ///   - fetchedAt: When the source gave it; kept to the second.
  ///   - asked: The stretch of time that this answers, noted in the same transaction.
  func save(
    _ history: PriceHistory, under key: CandleKey, fetchedAt: Instant, asked: Range<Instant>?
  ) async throws(StoreError) -> SavedCandles

  /// The bars that open from `from` to `to`, both inclusive, in ascending order; none where there are none.
  ///
  /// - Parameter asOf: What was known at that moment: bars, corrections, actions and currency that came later are left
  ///   out. Nil is now.
  func history(
    _ key: CandleKey, from: Instant?, to: Instant?, asOf: Instant?
  ) async throws(StoreError) -> PriceHistory

  /// What there is of a key; nil where nothing is.
  func coverage(_ key: CandleKey) async throws(StoreError) -> Coverage?

  /// Everything of which there are candles, by source, symbol and length of the timeframe.
  func coverages() async throws(StoreError) -> [(key: CandleKey, coverage: Coverage)]

  /// The bars from `from` to `to` that were replaced, by their time and then by when they were replaced.
  func replaced(_ key: CandleKey, from: Instant?, to: Instant?) async throws(StoreError) -> [ReplacedBar]

  /// Remembers that the source has nothing there, so that it is not asked for again and again.
  func noteHole(_ hole: Range<Instant>, of key: CandleKey, at moment: Instant) async throws(StoreError)

  /// The holes, ascending; neighbours are one.
  func holes(of key: CandleKey) async throws(StoreError) -> [Range<Instant>]

  /// Forgets the holes, so that the source is asked once more.
  func forgetHoles(of key: CandleKey) async throws(StoreError)

  /// The stretches of time that the source has answered for, ascending; neighbours are one. What is not in them is
  /// still to be asked for.
  func asked(of key: CandleKey) async throws(StoreError) -> [Range<Instant>]
}

extension CandleStore {
  /// Saves bars that answer no particular question.
  public func save(
    _ history: PriceHistory, under key: CandleKey, fetchedAt: Instant
  ) async throws(StoreError) -> SavedCandles {
    try await save(history, under: key, fetchedAt: fetchedAt, asked: nil)
  }

  /// What is known now.
  public func history(
    _ key: CandleKey, from: Instant? = nil, to: Instant? = nil
  ) async throws(StoreError) -> PriceHistory {
    try await history(key, from: from, to: to, asOf: nil)
  }

  /// Everything of which there are candles.
  public func keys() async throws(StoreError) -> [CandleKey] { try await coverages().map(\.key) }
}
