public import Trading

/// Keeps what is known of instruments besides their prices.
public protocol InstrumentStore: Sendable {
  /// Saves profiles; one that is there is replaced.
  func save(_ profiles: [InstrumentProfile]) async throws(StoreError)
  func profile(of instrument: Instrument) async throws(StoreError) -> InstrumentProfile?
  /// All of them, by symbol.
  func profiles() async throws(StoreError) -> [InstrumentProfile]
}
