public import Calendars
public import PluginKit
public import Trading

/// A time of day in which messages wait, by the clocks of a place.
public struct QuietHours: Hashable, Sendable {
  /// Minutes since midnight; `to` is the first minute that is not quiet, and may be of the next day.
  public var from, to: Int
  public var zone: CivilZone
  /// Priorities that go out all the same.
  public var passing: Set<ChannelMessage.Priority>

  public init(from: Int, to: Int, zone: CivilZone, passing: Set<ChannelMessage.Priority> = [.high]) {
    self.from = from
    self.to = to
    self.zone = zone
    self.passing = passing
  }

  /// When the quiet hours that hold at a moment end; nil where none do.
  public func end(at moment: Instant) -> Instant? {
    guard from != to else { return nil }
    let local = zone.local(at: moment)
    let second = (local % 86_400 + 86_400) % 86_400
    let midnight = local - second
    let minute = Int(second / 60)
    let overnight = from > to
    let isQuiet = overnight ? minute >= from || minute < to : minute >= from && minute < to
    guard isQuiet else { return nil }
    let tomorrow = overnight && minute >= from
    let end = zone.first(showing: midnight + (tomorrow ? 86_400 : 0) + Int64(to) * 60)
    // Where the clocks were put back, they show the end a second time.
    if end <= moment { return moment.advanced(by: Int64(to - minute) * 60_000) }
    return end
  }
}
