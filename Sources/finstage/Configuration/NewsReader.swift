import News
import Notifications
import Pipelines
import PluginKit

extension Configuration {
  /// Who is told of news. Lengths are milliseconds.
  struct News {
    struct Rule {
      var rule: NewsRule
      var urgency: ChannelMessage.Priority
      var channels: [String]
    }

    var rules: [Rule] = []
    /// After which an item is late.
    var late: Int64 = 3_600_000
    /// After which nobody is told any more.
    var maxAge: Int64 = 86_400_000
    /// How far apart the items of a story are.
    var storyWindow: Int64 = 3 * 86_400_000
    /// Around a signal, how long before it news belong to it.
    var around: Int64 = 86_400_000
    var translation: Translation?
  }
}

extension ConfigurationReader {
  /// Reads `news:`.
  func news(_ entry: YAMLValue.Entry?, _ configuration: Configuration) -> Configuration.News {
    var news = Configuration.News()
    guard let entry, var reader = MappingReader(entry.value, "news", at: entry.key, diagnostics) else { return news }
    news.late = newsLength(reader.take("late"), "late") ?? news.late
    news.maxAge = newsLength(reader.take("max_age"), "max_age") ?? news.maxAge
    news.storyWindow = newsLength(reader.take("story_window"), "story_window") ?? news.storyWindow
    news.around = newsLength(reader.take("around"), "around") ?? news.around
    var seen: Set<String> = []
    news.rules = (diagnostics.list(reader.take("rules"), "rules") ?? []).compactMap { item in
      newsRule(item, configuration, &seen)
    }
    news.translation = translation(reader.entry("translate"), configuration)
    reader.finish()
    return news
  }

  private func newsRule(
    _ item: YAMLValue, _ configuration: Configuration, _ seen: inout Set<String>
  ) -> Configuration.News.Rule? {
    guard var reader = MappingReader(item, "a rule on news", diagnostics) else { return nil }
    let nameValue = reader.require("name", hint: "write name: rates")
    let name = diagnostics.text(nameValue, "name")
    if let nameValue, let name, !seen.insert(name).inserted {
      diagnostics.report(.conflictingKeys, at: nameValue, "there are two rules \"\(name)\"")
    }
    var rule = NewsRule(name: name ?? "")
    rule.anyOf = keywords(reader.take("any"), "any")
    rule.allOf = keywords(reader.take("all"), "all")
    rule.noneOf = keywords(reader.take("none"), "none")
    rule.symbols = Set(feedSymbols(reader.take("symbols"), configuration))
    rule.feeds = Set(names(reader.take("feeds"), "feeds", among: configuration.feeds.map(\.name)))
    rule.languages = Set(
      (list(reader.take("languages"))).compactMap { diagnostics.text($0, "a language")?.lowercased() })
    let priorities = ChannelMessage.Priority.allCases.map(\.rawValue)
    let urgency = diagnostics.word(reader.take("urgency"), "urgency", of: priorities)
      .flatMap { ChannelMessage.Priority(rawValue: $0) }
    let named = reader.take("channels")
    let channels = names(named, "channels", among: configuration.messageChannels)
    let place = reader.place
    reader.finish()
    guard name != nil else { return nil }
    if rule.anyOf.isEmpty, rule.allOf.isEmpty, rule.symbols.isEmpty, rule.feeds.isEmpty {
      diagnostics.report(
        .missingKey, at: place, "the rule \"\(rule.name)\" holds for all news",
        hint: "write any: [word, \"two words\"], all:, symbols: or feeds:")
      return nil
    }
    let read = Configuration.News.Rule(rule: rule, urgency: urgency ?? .medium, channels: channels)
    if named == nil, !mayReach(read, by: configuration.notifications.rules.routes) {
      diagnostics.report(
        .notActedOn, at: place,
        "nobody is told by the rule \"\(rule.name)\": it names no channels, and no route holds it",
        hint: "write channels: in the rule, or a route without strategies:; urgency: low keeps news for who looks it up"
      )
    }
    return read
  }

  private func mayReach(_ rule: Configuration.News.Rule, by routes: [Route]) -> Bool {
    rule.urgency == .low
      || routes.contains { route in
        let selection = route.selection
        return (selection.strategies.isEmpty || selection.strategies.contains(rule.rule.name))
          && (selection.priorities.isEmpty || selection.priorities.contains(rule.urgency))
          && (selection.symbols.isEmpty || rule.rule.symbols.isEmpty
            || !selection.symbols.isDisjoint(with: rule.rule.symbols))
      }
  }

  private func keywords(_ value: YAMLValue?, _ what: String) -> [Keyword] {
    list(value).prefix(200).compactMap { item in
      guard let text = diagnostics.text(item, "a keyword") else { return nil }
      if let keyword = Keyword(text) { return keyword }
      diagnostics.report(
        .wrongType, at: item, "\(what): \"\(text.prefix(40))\" is no keyword: a word of at most 400 bytes is one")
      return nil
    }
  }

  private func names(_ value: YAMLValue?, _ what: String, among known: [String]) -> [String] {
    list(value).compactMap { item in
      guard let name = diagnostics.text(item, what) else { return nil }
      if known.contains(name) { return name }
      diagnostics.report(
        .unknownName, at: item, "there is no \"\(name)\" under \(what)",
        hint: suggestion(for: name, among: known, called: what))
      return nil
    }
  }

  private func list(_ value: YAMLValue?) -> [YAMLValue] { value?.items ?? value.map { [$0] } ?? [] }

  private func newsLength(_ value: YAMLValue?, _ what: String) -> Int64? {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    if let length = SettingValue.milliseconds(text), length <= 366 * 86_400_000 { return length }
    diagnostics.report(
      .badTime, at: value, "\(what) \(value.found) is no length of time up to a year", hint: "write 30m, 24h, 3d")
    return nil
  }
}
