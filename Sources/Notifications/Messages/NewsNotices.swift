public import PluginKit
public import Storage
public import Trading

/// A piece of news that a rule holds for.
public struct RuledNews: Sendable {
  public var item: NewsItem
  /// The rule's name.
  public var rule: String
  public var urgency: ChannelMessage.Priority
  /// Where it goes instead of by routes; empty leaves it to the routes.
  public var channels: [String]
  /// The keywords that were found.
  public var words: [String]
  /// Title and summary in the language of messages.
  public var translation: (title: String, summary: String?)?
  public var profiles: [InstrumentProfile]

  public init(
    _ item: NewsItem, rule: String, urgency: ChannelMessage.Priority = .medium, channels: [String] = [],
    words: [String] = [], profiles: [InstrumentProfile] = []
  ) {
    self.item = item
    self.rule = rule
    self.urgency = urgency
    self.channels = channels
    self.words = words
    self.profiles = profiles
  }

  /// What it is told of by: of one story, a rule tells a channel once.
  var key: String { "news/\(rule)/\(item.story.map { "\($0)" } ?? "\(item.feed)/\(item.identifier)")" }
}

extension Notices {
  /// Who is told of a piece of news and when: medium urgency in the next digest, low to nobody.
  ///
  /// - Parameter lateAfter: milliseconds after which an item is late; then it goes in the digest too.
  public func of(_ news: RuledNews, now: Instant, lateAfter: Int64) -> NoticeDecision {
    var decision = NoticeDecision()
    guard news.urgency != .low else {
      decision.remarks = ["urgency low: kept for who looks it up"]
      return decision
    }
    let isLate = now.milliseconds - news.item.publishedAt.milliseconds > lateAfter
    var batch: String?
    var due: Instant?
    if news.urgency == .medium || isLate {
      let end = NoticeRules.end(of: rules.digestEvery, at: now)
      (batch, due) = ("digest:\(end)", end)
    }
    if let quiet = rules.quietHours, !quiet.passing.contains(news.urgency),
      let end = quiet.end(at: max(now, due ?? now))
    {
      (batch, due) = ("quiet:\(end)", end)
    }
    let silence = rules.silences.first { $0.holds(at: now) && $0.selection.holds(news) }
    for (channel, policy) in targets(news) {
      guard channels.contains(channel) else {
        decision.remarks.append("there is no channel \(channel)")
        continue
      }
      var notice = writer.notice(of: news, channel: channel, isLate: isLate)
      notice.policy = policy
      (notice.batch, notice.dueAt) = (batch, due)
      notice.heldBack = silence.map { "silence until \($0.until): \($0.reason)" }
      decision.notices.append(notice)
    }
    if decision.notices.isEmpty, decision.remarks.isEmpty {
      decision.remarks = ["no route and no channel of the rule holds it"]
    }
    return decision
  }

  /// Each channel once, by the first route that names it.
  private func targets(_ news: RuledNews) -> [(channel: String, policy: Notice.Policy)] {
    let holding = rules.routes.filter { $0.selection.holds(news) }
    let routes = rules.matching == .first ? Array(holding.prefix(1)) : holding
    let names = news.channels.isEmpty ? routes.flatMap(\.channels) : news.channels
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }.map { name in
      (name, holding.first { $0.channels.contains(name) }?.policy ?? rules.policy)
    }
  }
}

extension SignalSelection {
  /// Of news, the rule stands in for the strategy, and one symbol of several is enough.
  func holds(_ news: RuledNews) -> Bool {
    let categories = Set(news.profiles.compactMap(\.category))
    return (strategies.isEmpty || strategies.contains(news.rule))
      && (symbols.isEmpty || !symbols.isDisjoint(with: news.item.symbols))
      && (self.categories.isEmpty || !self.categories.isDisjoint(with: categories))
      && (priorities.isEmpty || priorities.contains(news.urgency))
  }
}

extension NoticeWriter {
  func notice(of news: RuledNews, channel: String, isLate: Bool) -> Notice {
    let (item, key) = (news.item, news.key)
    let code = NoticeWriter.code(of: key)
    var values: [String: Any] = clocks(item.publishedAt)
    values["title"] = MarkedText.value(item.title)
    values["summary"] = item.summary.map { MarkedText.value(NoticeWriter.short($0)) }
    values["feed"] = MarkedText.value(item.feed)
    values["url"] = item.url.map(MarkedText.value)
    let symbols = item.symbols.sorted()
    values["symbols"] = symbols.isEmpty ? nil : MarkedText.value(symbols.joined(separator: ", "))
    let names = news.profiles.compactMap { $0.names[templates.locale] ?? $0.names["en"] }
    values["names"] = names.isEmpty ? nil : MarkedText.value(names.joined(separator: ", "))
    values["rule"] = MarkedText.value(news.rule)
    values["words"] = news.words.isEmpty ? nil : MarkedText.value(news.words.joined(separator: ", "))
    values["id"] = code
    values["high"] = news.urgency == .high
    values["late"] = isLate
    values["guessed"] = item.dating == .zoneAssumed
    values["undated"] = item.dating == .clamped || item.dating == .missing
    values["translated_title"] = news.translation.map { MarkedText.value($0.title) }
    values["translated_summary"] = news.translation?.summary.map { MarkedText.value(NoticeWriter.short($0)) }
    var fields = [
      "kind": "news", "rule": news.rule, "feed": item.feed, "title": item.title, "time": "\(item.publishedAt)",
      "symbols": symbols.joined(separator: " "),
    ]
    fields["url"] = item.url
    return Notice(
      key: key, code: code, channel: channel, priority: news.urgency.rawValue, title: MarkedText.value(item.title),
      body: templates.text(.news, values), line: templates.text(.newsLine, values), fields: fields,
      symbol: symbols.count == 1 ? symbols.first : nil)
  }

  /// As much of a summary as a message bears.
  private static func short(_ text: String) -> String {
    text.count > 400 ? text.prefix(400) + "…" : text
  }
}
