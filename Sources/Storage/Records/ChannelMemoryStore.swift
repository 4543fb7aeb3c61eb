public import Trading

/// Keeps what channels have learned of themselves and need again after a restart, such as the new number of a group; and
/// who is to be asked again before it is time.
public protocol ChannelMemoryStore: Sendable {
  /// All of it by channel and name.
  func channelMemory() async throws(StoreError) -> [String: [String: String]]
  func remember(_ value: String, as name: String, of channel: String, at moment: Instant) async throws(StoreError)
  /// Whether somebody wants a refused channel to be asked again; from then on nobody does.
  func takeAsk(of channel: String) async throws(StoreError) -> Bool
}
