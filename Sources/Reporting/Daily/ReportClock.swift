public import Trading

/// The clocks that a report's times are written by.
public struct ReportClock: Sendable {
  public let zone: String
  private let local: @Sendable (Instant) -> Instant

  public static let utc = ReportClock(zone: "UTC") { $0 }

  /// - Parameter local: what a clock of the place shows, as if it were UTC.
  public init(zone: String, local: @escaping @Sendable (Instant) -> Instant) {
    self.zone = zone
    self.local = local
  }

  /// `2026-01-05 21:00 Asia/Seoul`.
  public func text(_ moment: Instant) -> String {
    "\(local(moment).description.prefix(10)) \(local(moment).description.dropFirst(11).prefix(5)) \(zone)"
  }
}
