public import MarketData
public import Storage
import Synchronization
import Trading

/// What the store knows of symbols besides their prices, with the moments from which a strategy may use it.
///
/// Of a stored item that moment is the later of its publication and of when a feed brought it for the symbol: an item
/// that came days late was not known before, whatever its date says.
public struct StoredFacts: Sendable {
  private let news: any SymbolNewsStore
  private let statements: any StatementStore
  private let lexicon: Lexicon
  private let scores = Scores()

  public init(news: any SymbolNewsStore, statements: any StatementStore, lexicon: Lexicon) {
    self.news = news
    self.statements = statements
    self.lexicon = lexicon
  }

  public func of(
    _ symbol: String, news readsNews: Bool = true, statements readsStatements: Bool = true
  ) async throws(StoreError) -> Facts {
    let items = readsNews ? try await news.knownNews(about: symbol) : []
    let figures = readsStatements ? try await statements.figures(of: symbol) : []
    return Facts(news: items.map(scored), figures: figures.map(\.figure))
  }

  private func scored(_ item: SymbolNews) -> ScoredItem {
    let score = scores.score(of: item) { lexicon.tone(ofTitle: item.title, summary: item.summary)?.score }
    return ScoredItem(publishedAt: item.publishedAt, knownAt: item.knownAt, score: score)
  }
}

/// Scores of items that were judged: an item's text never changes, and every bar asks for all of them again.
private final class Scores: Sendable {
  private struct Key: Hashable {
    var feed, identifier: String
  }

  private static let limit = 200_000
  private let known = Mutex<[Key: Double?]>([:])

  func score(of item: SymbolNews, _ judge: () -> Double?) -> Double? {
    let key = Key(feed: item.feed, identifier: item.identifier)
    if let score = known.withLock({ $0[key] }) { return score }
    let score = judge()
    known.withLock {
      if $0.count >= Scores.limit { $0.removeAll() }
      $0[key] = score
    }
    return score
  }
}
