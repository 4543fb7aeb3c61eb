public import Storage
public import Trading

extension Notices {
  /// What is to be told of a signal that a corrected bar has taken back. What still waits to go out is taken out; what
  /// the sender has taken in the meantime goes out all the same, and is answered.
  ///
  /// - Parameters:
  ///   - told: The signal's notices as they stood a moment ago.
  ///   - drop: Takes a notice out of the outbox by its number; false where it no longer waits.
  public func retraction(
    of signal: StoredSignal, told: [OutboxEntry], reason: String, profile: InstrumentProfile?,
    drop: (Int64) async -> Bool
  ) async -> [Notice] {
    var told = told
    for index in told.indices where told[index].state == .pending || told[index].state == .parked {
      told[index].state = await drop(told[index].id) ? .dropped : .sending
    }
    return correction(of: signal.id, signal.record, told: told, reason: reason, profile: profile).notices
  }
}
