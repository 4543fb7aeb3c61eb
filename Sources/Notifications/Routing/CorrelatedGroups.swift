public import Storage
public import Trading

/// Which signals say much the same, because their symbols have moved together: buys of both, or a buy of one and a sell
/// of another that moves against it.
///
/// The first signal of a group leads it; a later one joins where it goes with the leader. So nobody joins by way of a
/// third, and a group does not drift.
public struct CorrelatedGroups: Sendable {
  private struct Leader {
    let symbol: String
    let direction: Direction
    let end: Instant
  }

  /// From which coefficient on two signals go together, 0 to 1.
  private let above: Double
  private var leaders: [Leader] = []

  /// - Parameter waiting: what waits in the outbox: its groups are gone on with.
  public init(above: Double, waiting: [OutboxEntry]) {
    self.above = above
    var seen: Set<String> = []
    for entry in waiting.sorted(by: { $0.id < $1.id }) {
      guard let batch = entry.notice.batch, batch.hasPrefix("group:"), seen.insert(batch).inserted,
        let symbol = entry.notice.symbol, let direction = entry.notice.direction
      else { continue }
      leaders.append(Leader(symbol: symbol, direction: direction, end: entry.dueAt))
    }
  }

  /// The word for the group of a signal that is told with others by `end`.
  ///
  /// - Parameter correlation: of the returns of two symbols; nil where it is not known, and then they do not go together.
  public mutating func group(
    of record: SignalRecord, until end: Instant,
    correlation: @Sendable (_ one: String, _ other: String) async -> Double?
  ) async -> String {
    let (symbol, direction) = (record.symbol, record.signal.direction)
    for leader in leaders where leader.end == end {
      let value = leader.symbol == symbol ? 1 : await correlation(leader.symbol, symbol)
      if let value, value * leader.direction.sign * direction.sign >= above { return CorrelatedGroups.word(leader) }
    }
    let own = Leader(symbol: symbol, direction: direction, end: end)
    leaders.append(own)
    return CorrelatedGroups.word(own)
  }

  private static func word(_ leader: Leader) -> String { "\(leader.symbol) \(leader.direction.rawValue)" }
}
