public import Calendars
import PluginKit

extension SessionMoment {
  /// Reads `session_close`, `session_close + 15m`, `session_open - 10m`; nil where the text is none of these, or the
  /// offset is longer than a day.
  public init?(_ text: String, of calendar: ExchangeCalendar) {
    guard let (edge, offset) = SessionMoment.read(text) else { return nil }
    self.init(edge, offset: offset, of: calendar)
  }

  /// The same without a calendar: the edge, and milliseconds after it.
  public static func read(_ text: String) -> (edge: Edge, offset: Int64)? {
    let bare = text.filter { $0 != " " }
    guard let edge = Edge.allCases.first(where: { bare.hasPrefix($0.rawValue) }) else { return nil }
    let rest = bare.dropFirst(edge.rawValue.count)
    guard let sign = rest.first else { return (edge, 0) }
    guard sign == "+" || sign == "-", let length = SettingValue.milliseconds(String(rest.dropFirst())),
      length <= longest
    else { return nil }
    return (edge, sign == "-" ? -length : length)
  }
}
