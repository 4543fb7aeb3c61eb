public import Calendars
public import PluginKit
public import Trading

/// A time of day in which messages wait, by the clocks of a place.
public struct QuietHours: Hashable, Sendable {
  /// Minutes since midnight; `to` is the first minute that is not quiet, and may be of the next day.
  public var from, to: Int
  public var zone: ClockZone
  /// Priorities that go out all the same.
  public var passing: Set<ChannelMessage.Priority>

  public init(from: Int, to: Int, zone: ClockZone, passing: Set<ChannelMessage.Priority> = [.high]) {
    self.from = from
    self.to = to
    self.zone = zone
    self.passing = passing
  }

  /// When the quiet hours that hold at a moment end; nil where none do.
  public func end(at moment: Instant) -> Instant? {
    let (day, minute) = zone.clock(at: moment)
    guard from != to else { return nil }
    let overnight = from > to
    let isQuiet = overnight ? minute >= from || minute < to : minute >= from && minute < to
    guard isQuiet else { return nil }
    var end = zone.moment(day: overnight && minute >= from ? day + 1 : day, minute: to)
    // Where the clocks are put back, the end comes a second time.
    if end <= moment { end = zone.moment(day: day + 1, minute: to) }
    return end
  }
}
