import Calendars
import Pipelines
import Trading

extension ConfigurationReader {
  /// Reads `calendars:`: changes to the calendar of an exchange, or a calendar of one's own.
  func calendars(_ entry: YAMLValue.Entry?) -> [String: ExchangeCalendar] {
    guard let entry, let entries = MappingReader(entry.value, "calendars", at: entry.key, diagnostics)?.entries
    else { return [:] }
    var calendars: [String: ExchangeCalendar] = [:]
    for calendar in entries {
      guard var reader = MappingReader(calendar.value, "the calendar \(calendar.name)", at: calendar.key, diagnostics)
      else { continue }
      var base = ExchangeCalendar(calendar.name)
      if base == nil { base = own(calendar.name, &reader) }
      let changes = changes(&reader)
      if ExchangeCalendar.has(calendar.name) {
        for key in ["zone", "hours", "pause", "weekdays"] {
          guard let entry = reader.entry(key) else { continue }
          diagnostics.report(
            .conflictingKeys, at: entry.key, "\(calendar.name) has a table; its \(key) cannot be changed",
            hint: "give a calendar of your own another name")
        }
      }
      reader.finish()
      do throws(CalendarError) {
        calendars[calendar.name] = try base?.changed(by: changes)
      } catch {
        diagnostics.report(.badTime, at: calendar.key, "\(error)")
      }
    }
    return calendars
  }

  /// The name of a calendar, which must be there.
  func exchange(_ value: YAMLValue?, _ own: [String: ExchangeCalendar]) -> String? {
    guard let value, let name = diagnostics.text(value, "exchange") else { return nil }
    guard own[name] != nil || ExchangeCalendar.has(name) else {
      diagnostics.report(
        .unknownName, at: value, "there is no calendar \"\(name)\"",
        hint: suggestion(for: name, among: ExchangeCalendar.names + own.keys.sorted(), called: "calendars"))
      return nil
    }
    if let last = ExchangeCalendar.lastDate(of: name), last < today.advanced(by: 60 * 86_400_000) {
      diagnostics.report(
        .calendarEnds, at: value, "the table of \(name) ends on \(last.dateText)",
        hint: "a newer version of the program knows more; after that day bars close by their timeframe alone")
    }
    return name
  }

  private func own(_ name: String, _ reader: inout MappingReader) -> ExchangeCalendar? {
    let hint = "{ zone: Europe/Berlin, hours: \"09:00-17:30\" }; or the name of an exchange that has a table"
    let zoneValue = reader.require("zone", hint: hint)
    let hoursValue = reader.require("hours", hint: hint)
    let pauseValue = reader.take("pause")
    let weekdays = weekdays(reader.take("weekdays"))
    let (span, pause) = (times(hoursValue, "hours"), times(pauseValue, "pause"))
    guard let zoneValue, let zoneName = diagnostics.text(zoneValue, "zone") else { return nil }
    guard let zone = ExchangeCalendar(zoneName)?.zone ?? ClockZone(zoneName) else {
      diagnostics.report(
        .unknownName, at: zoneValue, "there is no zone \"\(zoneName)\"",
        hint: "write an offset such as +09:00, the zone of an exchange such as Asia/Seoul, or its MIC")
      return nil
    }
    guard let hoursValue, let span, let weekdays, (pauseValue == nil) == (pause == nil) else { return nil }
    guard let hours = SessionHours(open: span.first, close: span.last, pause: pause.map { $0.first..<$0.last }) else {
      diagnostics.report(
        .badTime, at: hoursValue, "these hours are no session of at most a day with its pause inside",
        hint: "write hours: \"09:00-17:30\", pause: \"12:00-13:00\"; 18:00-1 is the evening before")
      return nil
    }
    return ExchangeCalendar(name: name, zone: zone, weekdays: weekdays, hours: hours)
  }

  private func changes(_ reader: inout MappingReader) -> CalendarChanges {
    CalendarChanges(
      closed: dates(reader.take("closed"), "closed"), opened: dates(reader.take("opened"), "opened"),
      early: timesByDate(reader.entry("early")), late: timesByDate(reader.entry("late")))
  }

  private func dates(_ value: YAMLValue?, _ what: String) -> [Instant] {
    (diagnostics.list(value, what) ?? []).compactMap { item in
      diagnostics.text(item, "a date").flatMap { date($0, at: item) }
    }
  }

  private func timesByDate(_ entry: YAMLValue.Entry?) -> [Instant: Int] {
    guard let entry, let entries = MappingReader(entry.value, entry.name, at: entry.key, diagnostics)?.entries
    else { return [:] }
    var times: [Instant: Int] = [:]
    for item in entries {
      guard let text = diagnostics.text(item.value, item.name), let date = date(item.name, at: item.key) else {
        continue
      }
      guard let minutes = SessionHours.minutes(text) else {
        diagnostics.report(.badTime, at: item.value, "\(item.value.found) is no time of day", hint: "write \"13:00\"")
        continue
      }
      times[date] = minutes
    }
    return times
  }

  private func date(_ text: String, at value: YAMLValue) -> Instant? {
    if text.count == 10, let date = Instant(text) { return date }
    diagnostics.report(.badTime, at: value, "\"\(text)\" is no date", hint: "write 2027-01-05")
    return nil
  }

  /// `09:00-17:30`, or `18:00-1 - 17:00`.
  private func times(_ value: YAMLValue?, _ what: String) -> (first: Int, last: Int)? {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    let bare = text.filter { $0 != " " }
    for dash in bare.indices where bare[dash] == "-" {
      if let first = SessionHours.minutes(bare[..<dash]),
        let last = SessionHours.minutes(bare[bare.index(after: dash)...]),
        first < last
      {
        return (first, last)
      }
    }
    diagnostics.report(
      .badTime, at: value, "\(what) \(value.found) are no two times of day in order", hint: "write \"09:00-17:30\"")
    return nil
  }

  private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// Monday to Friday where nothing is said; nil, and reported, where it is none.
  private func weekdays(_ value: YAMLValue?) -> Set<Int>? {
    guard let value else { return [1, 2, 3, 4, 5] }
    guard let items = diagnostics.list(value, "weekdays") else { return nil }
    let days = items.compactMap { item in
      diagnostics.word(item, "a weekday", of: ConfigurationReader.weekdays)
        .flatMap { ConfigurationReader.weekdays.firstIndex(of: $0) }
    }
    if items.isEmpty { diagnostics.report(.wrongType, at: value, "weekdays is empty; a calendar trades on some") }
    return items.isEmpty || days.count < items.count ? nil : Set(days.map { $0 + 1 })
  }
}
