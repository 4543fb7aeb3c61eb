import PluginKit
import Trading

/// A URL with places for what is asked: `{symbol}`, `{timeframe}`, `{from}`, `{to}` and `{key}`.
struct URLTemplate: Sendable {
  /// How `{from}` and `{to}` are written.
  enum Moments: String, CaseIterable {
    case seconds, milliseconds, iso, date
    case compactDate = "compact_date"
  }

  static let places = ["symbol", "timeframe", "from", "to", "key"]

  private enum Part { case text(String), place(String) }

  private let parts: [Part]
  private let moments: Moments

  init(_ text: String, moments: String?) throws(DataSourceError) {
    guard let moments = Moments(rawValue: moments ?? "seconds") else {
      let words = Moments.allCases.map(\.rawValue).joined(separator: ", ")
      throw .badSetting(name: "range", "is one of \(words); found \"\(moments ?? "")\"")
    }
    guard text.hasPrefix("https://") || text.hasPrefix("http://") else {
      throw .badSetting(name: "url", "is an address that begins with https:// or http://; found \"\(text)\"")
    }
    var parts: [Part] = []
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      parts.append(.text(String(rest[..<open])))
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw .badSetting(name: "url", "has a { that nothing closes")
      }
      let place = String(rest[rest.index(after: open)..<close])
      guard URLTemplate.places.contains(place) else {
        let known = URLTemplate.places.map { "{\($0)}" }.joined(separator: ", ")
        throw .badSetting(name: "url", "has {\(place)}, where \(known) are admitted")
      }
      parts.append(.place(place))
      rest = rest[rest.index(after: close)...]
    }
    self.parts = parts + [.text(String(rest))]
    self.moments = moments
  }

  func has(_ place: String) -> Bool {
    parts.contains { part in
      if case .place(let found) = part { found == place } else { false }
    }
  }

  func filled(symbol: String, timeframe: String, from: Instant, to: Instant, key: String) -> String {
    parts.reduce(into: "") { url, part in
      switch part {
      case .text(let text): url += text
      case .place("symbol"): url += Venue.encoded(symbol)
      case .place("timeframe"): url += Venue.encoded(timeframe)
      case .place("from"): url += Venue.encoded(written(from))
      // The end of a range does not belong to it; a last date does.
      case .place("to"): url += Venue.encoded(written(isByDates ? to.advanced(by: -1) : to))
      case .place: url += Venue.encoded(key)
      }
    }
  }

  private var isByDates: Bool { moments == .date || moments == .compactDate }

  private func written(_ moment: Instant) -> String {
    switch moments {
    case .seconds: "\(moment.seconds)"
    case .milliseconds: "\(moment.milliseconds)"
    case .iso: "\(Instant(seconds: moment.seconds))"
    case .date: moment.dateText
    case .compactDate: moment.dateText.filter { $0 != "-" }
    }
  }
}
