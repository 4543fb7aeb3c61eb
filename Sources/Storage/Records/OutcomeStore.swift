public import Trading

/// What became of a signal at one horizon.
public struct OutcomeRecord: Hashable, Sendable {
  public var signal: Int64
  /// As it is written: `5b`, `1d`.
  public var horizon: String
  /// When the horizon ended and at which price; nil while it is open.
  public var time: Instant?
  public var price: Double?
  /// The return with the sign turned for sell, as a fraction; nil while it is open.
  public var result: Double?

  public init(signal: Int64, horizon: String, time: Instant? = nil, price: Double? = nil, result: Double? = nil) {
    self.signal = signal
    self.horizon = horizon
    self.time = time
    self.price = price
    self.result = result
  }
}

/// Keeps outcomes, one for each signal and horizon.
public protocol OutcomeStore: Sendable {
  /// Saves an outcome; one that is there is replaced.
  func save(_ outcome: OutcomeRecord) async throws(StoreError)
  func outcomes(of signal: Int64) async throws(StoreError) -> [OutcomeRecord]
  /// Those whose horizon has not ended yet.
  func openOutcomes() async throws(StoreError) -> [OutcomeRecord]
}
