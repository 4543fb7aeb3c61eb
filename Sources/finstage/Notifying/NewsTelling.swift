import News
import Notifications
import PluginKit
import Storage
import Trading

/// Who is told of an item, by the rules of `news:`.
struct NewsTelling: Sendable {
  private let rules: [Configuration.News.Rule]
  private let news: Configuration.News
  private let notices: Notices
  private let profiles: [String: InstrumentProfile]
  private let translator: (service: TranslationService, web: any WebClient)?
  private let now: @Sendable () -> Instant
  private let remark: @Sendable (String) -> Void

  init(
    _ configuration: Configuration, translating translator: (TranslationService, any WebClient)? = nil,
    now: @escaping @Sendable () -> Instant, remark: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    news = configuration.news
    rules = configuration.news.rules
    let writer = NoticeWriter(templates: configuration.noticeTemplates().templates, zone: configuration.zone)
    notices = Notices(
      configuration.notifications.rules, channels: Set(configuration.messageChannels), writer: writer)
    profiles = Dictionary(
      configuration.instruments.values.map { ($0.instrument.symbol, $0) }, uniquingKeysWith: { first, _ in first })
    self.translator = translator
    self.now = now
    self.remark = remark
  }

  /// - Parameter isFirst: whether its feed has never been read before: then what is not fresh is no news.
  func of(_ item: NewsItem, isFirst: Bool) async -> [Notice] {
    let now = now()
    let age = now.milliseconds - item.publishedAt.milliseconds
    // An item without a date is as old as its feed's first reading says nothing of.
    let isFresh = age <= (isFirst ? news.late : news.maxAge) && !(isFirst && item.dating != .given && age == 0)
    guard isFresh else { return [] }
    var told: [Notice] = []
    var translation: (title: String, summary: String?)??
    for one in rules {
      guard let words = one.rule.match(item) else { continue }
      var ruled = RuledNews(
        item, rule: one.rule.name, urgency: one.urgency, channels: one.channels, words: words,
        profiles: item.symbols.sorted().compactMap { profiles[$0] })
      if translation == nil { translation = .some(await translated(item)) }
      ruled.translation = translation ?? nil
      let decision = notices.of(ruled, now: now, lateAfter: news.late)
      for reason in decision.remarks { remark("\(one.rule.name): \(item.title): \(reason)") }
      told += decision.notices
    }
    return told
  }

  /// Where the service does not answer, the message goes out as it is.
  private func translated(_ item: NewsItem) async -> (title: String, summary: String?)? {
    guard let (service, web) = translator, item.language?.hasPrefix(service.target.prefix(2)) != true else {
      return nil
    }
    let texts = [item.title] + (item.summary.map { [$0] } ?? [])
    let (found, fault) = await service.translate(texts, from: item.language, by: web)
    if let fault { remark("translate: \(fault)") }
    return found.flatMap { found in found.first.map { ($0, found.dropFirst().first) } }
  }
}
