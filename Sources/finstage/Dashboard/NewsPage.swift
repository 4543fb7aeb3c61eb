import HTTPAPI
import News
import Reporting
import Storage

/// Stored news, the latest first, and how the feeds answer.
enum NewsPage {
  private static let size = 60

  @Sendable static func make(_ scope: DashboardScope) async throws -> DashboardPage {
    let (search, symbol) = (scope.text("search"), scope.text("symbol"))
    let found = try await scope.store.news(NewsQuery(search: search, symbol: symbol, limit: size))
    let lexicon = try scope.workspace.lexicon()
    let rows = found.map { news -> [DashboardCell] in
      let item = news.item
      let tone = lexicon.tone(ofTitle: item.title, summary: item.summary)
      let score = tone.flatMap { scope.figures.number($0.score, digits: 2) }
      return [
        DashboardCell(scope.stamp(item.publishedAt)), DashboardCell(item.title, link: item.url),
        DashboardCell(item.symbols.sorted().prefix(6).joined(separator: " ")), DashboardCell(item.feed, .quiet),
        .figure(score, tone.map { $0.score > 0 ? .gain : $0.score < 0 ? .loss : .plain } ?? .plain),
      ]
    }
    let feeds = try await scope.store.feeds()
    return DashboardPage(
      scope.say("News", "뉴스"),
      sections: [
        DashboardSection(
          "filter", "",
          [
            .form(
              DashboardForm(
                "/news", button: scope.say("Show", "보기"), isQuestion: true,
                fields: [
                  .init("search", scope.say("Words", "검색어"), .text(placeholder: ""), value: search ?? ""),
                  .init("symbol", scope.say("Symbol", "종목"), .text(placeholder: "AAPL"), value: symbol ?? ""),
                ]))
          ]),
        DashboardSection(
          "news", "", isLive: true,
          [
            .table(
              DashboardTable(
                scope.say("News", "뉴스"),
                heads: [
                  scope.say("Published", "발행"), scope.say("Title", "제목"), scope.say("Symbols", "종목"),
                  scope.say("Feed", "피드"), scope.say("Tone", "논조"),
                ], rows: rows, empty: scope.say("There is no such news in the store.", "저장된 뉴스가 없습니다.")))
          ]),
        DashboardSection(
          "feeds", scope.say("Feeds", "피드"), isLive: true,
          [
            .table(
              DashboardTable(
                scope.say("Feeds", "피드"),
                heads: [
                  scope.say("Feed", "피드"), scope.say("State", "상태"), scope.say("Answered", "응답"),
                  scope.say("Why not", "이유"),
                ],
                rows: feeds.map { feed in
                  [
                    DashboardCell(feed.feed),
                    feed.failures == 0
                      ? DashboardCell(scope.say("up to date", "최신"), .good)
                      : DashboardCell(scope.say("\(feed.failures) failures", "\(feed.failures)번 실패"), .warn),
                    DashboardCell(feed.answeredAt.map(scope.stamp) ?? scope.say("never", "없음")),
                    DashboardCell(feed.failure ?? "", .quiet),
                  ]
                }, empty: scope.say("No feed has been asked yet.", "아직 요청한 피드가 없습니다.")))
          ]),
      ])
  }
}
