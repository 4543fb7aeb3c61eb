public import Calendars
public import Trading

/// A moment of each session of an exchange: its opening or its close, or a while before or after.
public struct SessionMoment: Sendable {
  public enum Edge: String, Sendable, CaseIterable { case open = "session_open", close = "session_close" }

  public let edge: Edge
  /// Milliseconds after the edge, below zero before it; less than a day.
  public let offset: Int64
  public let calendar: ExchangeCalendar

  public init(_ edge: Edge, offset: Int64 = 0, of calendar: ExchangeCalendar) {
    self.edge = edge
    self.offset = max(-SessionMoment.longest, min(SessionMoment.longest, offset))
    self.calendar = calendar
  }

  /// Milliseconds; an offset is not longer.
  public static let longest: Int64 = 86_400_000

  /// The next one after a moment; nil where the calendar's table ends, or where there is no session for a year.
  public func next(after moment: Instant) -> Instant? {
    let bare = moment.advanced(by: -offset)
    // The edge of a session lies within two days of its date.
    var day = bare.advanced(by: -2 * 86_400_000)
    let end = bare.advanced(by: 366 * 86_400_000)
    while day < end {
      let last = day.advanced(by: 13 * 86_400_000)
      let edges = calendar.sessions(from: day, to: last).map { edge == .open ? $0.open : $0.close }
      if let found = edges.filter({ $0 > bare }).min() { return found.advanced(by: offset) }
      day = last.advanced(by: 86_400_000)
    }
    return nil
  }
}
