import Calendars
import Notifications
import Pipelines
import PluginKit
import Storage
import Trading

extension Configuration {
  /// What the configuration says of notices.
  struct Notifications {
    var rules = NoticeRules()
    /// The folder of the user's templates, relative to the configuration.
    var templates: String?
  }
}

extension ConfigurationReader {
  private static let lengthHint = "write 10s, 30m, 24h, 7d"

  /// Reads `routes:` and `notify:`.
  func notifications(
    routes: YAMLValue?, notify: YAMLValue.Entry?, _ configuration: Configuration
  ) -> Configuration.Notifications {
    var notifications = Configuration.Notifications()
    let zone = configuration.zone
    var rules = NoticeRules()
    rules.routes = (diagnostics.list(routes, "routes") ?? []).compactMap { route($0, configuration) }
    if let notify, var reader = MappingReader(notify.value, "notify", at: notify.key, diagnostics) {
      if let word = diagnostics.word(reader.take("match"), "match", of: NoticeRules.Matching.allCases.map(\.rawValue)) {
        rules.matching = NoticeRules.Matching(rawValue: word) ?? .all
      }
      notifications.templates = diagnostics.text(reader.take("templates"), "templates")
      rules.policy = policy(reader.take("delivery")) ?? rules.policy
      rules.cooldown = time(reader.take("cooldown"), "cooldown", orNone: true) ?? rules.cooldown
      rules.hourlyCap = diagnostics.whole(reader.take("hourly_cap"), "hourly_cap", 1...10_000) ?? rules.hourlyCap
      rules.digestEvery = time(reader.take("digest"), "digest") ?? rules.digestEvery
      rules.maxAge = time(reader.take("max_age"), "max_age")
      rules.groupBy = Set(words(reader.take("group_by"), "group_by", NoticeRules.Grouping.allCases))
      rules.correlation = correlation(reader.entry("correlation"))
      rules.alarms = reader.take("alarms").map { alarms in
        (alarms.items ?? [alarms]).compactMap { messageChannel($0, configuration) }
      }
      rules.reports = reader.take("reports").map { reports in
        (reports.items ?? [reports]).compactMap { messageChannel($0, configuration) }
      }
      rules.groupWait = time(reader.take("group_wait"), "group_wait") ?? rules.groupWait
      rules.quietHours = quietHours(reader.entry("quiet_hours"), zone)
      rules.filters = filters(reader.entry("filters"))
      rules.silences = (diagnostics.list(reader.take("silences"), "silences") ?? []).compactMap {
        silence($0, configuration)
      }
      reader.finish()
    }
    notifications.rules = rules
    return notifications
  }

  private func route(_ value: YAMLValue, _ configuration: Configuration) -> Route? {
    guard var reader = MappingReader(value, "a route", diagnostics) else { return nil }
    let selection = selection(&reader, configuration)
    let hint = "channels: [console], by their names under channels"
    let channels = (diagnostics.list(reader.require("channels", hint: hint), "channels") ?? []).compactMap {
      orderable($0, named: !selection.strategies.isEmpty, configuration)
    }
    let route = Route(
      selection, channels: channels, policy: policy(reader.take("delivery")),
      cooldown: time(reader.take("cooldown"), "cooldown", orNone: true))
    reader.finish()
    return route
  }

  private func channel(_ value: YAMLValue, _ configuration: Configuration) -> String? {
    guard let name = diagnostics.text(value, "a channel") else { return nil }
    let known = configuration.channelNames ?? []
    if known.contains(name) { return name }
    diagnostics.report(
      .unknownName, at: value, "the configuration has no channel \"\(name)\"",
      hint: suggestion(for: name, among: known, called: "channels"))
    return nil
  }

  /// A channel of a route: one of order intents wants strategies that are named.
  private func orderable(_ value: YAMLValue, named: Bool, _ configuration: Configuration) -> String? {
    guard let name = channel(value, configuration) else { return nil }
    guard configuration.orderChannels[name] != nil, !named else { return name }
    diagnostics.report(
      .missingKey, at: value, "\(name) takes order intents, and this route names no strategy",
      hint: "name those whose signals are handed off: { strategies: [swing], channels: [\(name)] }")
    return nil
  }

  /// A channel for what is written for people.
  private func messageChannel(_ value: YAMLValue, _ configuration: Configuration) -> String? {
    guard let name = channel(value, configuration) else { return nil }
    guard configuration.orderChannels[name] != nil else { return name }
    diagnostics.report(
      .conflictingKeys, at: value, "\(name) takes order intents alone, and no messages",
      hint: suggestion(for: name, among: configuration.messageChannels, called: "channels"))
    return nil
  }

  /// Which signals are meant, of a route or a silence.
  private func selection(_ reader: inout MappingReader, _ configuration: Configuration) -> SignalSelection {
    let strategies = texts(reader.take("strategies"), "strategies").map(\.text)
    let symbols = texts(reader.take("symbols"), "symbols")
    for (text, value) in symbols where text.hasPrefix("@") && configuration.watchlists[String(text.dropFirst())] == nil
    {
      diagnostics.report(
        .unknownWatchlist, at: value, "there is no watchlist \"\(text.dropFirst())\"",
        hint: suggestion(
          for: String(text.dropFirst()), among: configuration.watchlists.keys.sorted(), called: "watchlists"))
    }
    return SignalSelection(
      strategies: Set(strategies), symbols: Set(configuration.expand(symbols.map(\.text))),
      categories: Set(texts(reader.take("categories"), "categories").map(\.text)),
      priorities: Set(words(reader.take("priority"), "priority", ChannelMessage.Priority.allCases)))
  }

  private func correlation(_ entry: YAMLValue.Entry?) -> NoticeRules.Correlation {
    var correlation = NoticeRules.Correlation()
    guard let entry, var reader = MappingReader(entry.value, "correlation", at: entry.key, diagnostics) else {
      return correlation
    }
    correlation.above = bounded(reader.take("above"), "above", 0...1) ?? correlation.above
    correlation.sessions = diagnostics.whole(reader.take("sessions"), "sessions", 10...1_000) ?? correlation.sessions
    reader.finish()
    return correlation
  }

  private func quietHours(_ entry: YAMLValue.Entry?, _ zone: CivilZone?) -> QuietHours? {
    guard let entry, var reader = MappingReader(entry.value, "quiet_hours", at: entry.key, diagnostics) else {
      return nil
    }
    let hint = "quiet_hours: { from: \"23:00\", to: \"07:00\" }"
    let (from, to) = (clock(reader.require("from", hint: hint), "from"), clock(reader.require("to", hint: hint), "to"))
    let own = reader.take("timezone").flatMap { self.zone($0, "timezone") }
    let except = reader.take("except")
    reader.finish()
    guard let from, let to else { return nil }
    var quiet = QuietHours(from: from, to: to, zone: own ?? zone ?? .utc)
    if except != nil { quiet.passing = Set(words(except, "except", ChannelMessage.Priority.allCases)) }
    return quiet
  }

  /// `23:00` as minutes since midnight. YAML 1.1 reads it without quotes as a number of base 60; this reader does not.
  private func clock(_ value: YAMLValue?, _ what: String) -> Int? {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isNumber } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
    {
      return hour * 60 + minute
    }
    diagnostics.report(.badTime, at: value, "\(what) \(value.found) is no time of day", hint: "write \"23:00\"")
    return nil
  }

  private func filters(_ entry: YAMLValue.Entry?) -> SignalFilters {
    var filters = SignalFilters()
    guard let entry, var reader = MappingReader(entry.value, "filters", at: entry.key, diagnostics) else {
      return filters
    }
    if let types = reader.take("types") { filters.types = Set(words(types, "types", Direction.allCases)) }
    filters.confidence = bounded(reader.take("confidence"), "confidence", 0...100)
    filters.quality = bounded(reader.take("quality"), "quality", 0...100)
    filters.success = bounded(reader.take("success_rate"), "success_rate", 0...1, percent: true)
    filters.samples = diagnostics.whole(reader.take("samples"), "samples", 1...1_000_000) ?? filters.samples
    filters.strength = bounded(reader.take("strength"), "strength", 0...100)
    filters.volume = bounded(reader.take("volume"), "volume", 0...1_000_000)
    filters.market = diagnostics.flag(reader.take("market_fit"), "market_fit") ?? false
    let missing = SignalFilters.Missing.allCases.map(\.rawValue)
    if let word = diagnostics.word(reader.take("missing"), "missing", of: missing) {
      filters.missing = SignalFilters.Missing(rawValue: word) ?? .pass
    }
    reader.finish()
    return filters
  }

  private func silence(_ value: YAMLValue, _ configuration: Configuration) -> Silence? {
    guard var reader = MappingReader(value, "a silence", diagnostics) else { return nil }
    let selection = selection(&reader, configuration)
    let from = instant(reader.take("from"), "from")
    let until = instant(reader.require("until", hint: "a silence has an end: until: 2026-01-31T08:00Z"), "until")
    let reason = diagnostics.text(reader.require("reason", hint: "why it is silent, for who reads it later"), "reason")
    reader.finish()
    guard let until, let reason else { return nil }
    return Silence(selection, from: from, until: until, reason: reason)
  }

  private func instant(_ value: YAMLValue?, _ what: String) -> Instant? {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    if let instant = Instant(text) { return instant }
    diagnostics.report(
      .badTime, at: value, "\(what) \(value.found) is no time", hint: "write 2026-01-31 or 2026-01-31T08:00Z")
    return nil
  }

  private func policy(_ value: YAMLValue?) -> Notice.Policy? {
    diagnostics.word(value, "delivery", of: Notice.Policy.allCases.map(\.rawValue)).flatMap(Notice.Policy.init)
  }

  /// Milliseconds; `0` where none may be said.
  private func time(_ value: YAMLValue?, _ what: String, orNone: Bool = false) -> Int64? {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    if orNone, text == "0" { return 0 }
    if let length = SettingValue.milliseconds(text), length <= 366 * 86_400_000 { return length }
    diagnostics.report(
      .badTime, at: value, "\(what) \(value.found) is no length of time up to a year",
      hint: ConfigurationReader.lengthHint + (orNone ? ", or 0 for none" : ""))
    return nil
  }

  private func bounded(
    _ value: YAMLValue?, _ what: String, _ range: ClosedRange<Double>, percent: Bool = false
  ) -> Double? {
    guard let value, let number = diagnostics.number(value, what, percent: percent) else { return nil }
    if range.contains(number) { return number }
    diagnostics.report(
      .outOfRange, at: value,
      "\(what) is a number from \(Int(range.lowerBound)) to \(Int(range.upperBound)); found \(value.found)")
    return nil
  }

  /// One text, or a list of them.
  private func texts(_ value: YAMLValue?, _ what: String) -> [(text: String, value: YAMLValue)] {
    guard let value else { return [] }
    return (value.items ?? [value]).compactMap { item in diagnostics.text(item, what).map { ($0, item) } }
  }

  private func words<Word: RawRepresentable<String>>(_ value: YAMLValue?, _ what: String, _ all: [Word]) -> [Word] {
    guard let value else { return [] }
    return (value.items ?? [value]).compactMap { item in
      diagnostics.word(item, what, of: all.map(\.rawValue)).flatMap(Word.init)
    }
  }
}
