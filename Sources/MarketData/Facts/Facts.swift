public import Trading

/// A judged item of news: when it was published, from when it could be acted on, and its score.
public struct ScoredItem: Hashable, Sendable {
  public let publishedAt: Instant
  /// Never before the publication.
  public let knownAt: Instant
  /// Millionths from −1,000,000 to 1,000,000, so that sums are exact in any order; nil where it was not judged.
  let millionths: Int64?

  /// A score beyond −1 or 1 is taken as that bound; it is kept to six decimals.
  public init(publishedAt: Instant, knownAt: Instant? = nil, score: Double?) {
    self.publishedAt = publishedAt
    self.knownAt = max(publishedAt, knownAt ?? publishedAt)
    millionths = score.flatMap { $0.isNaN ? nil : Int64((max(-1, min(1, $0)) * 1_000_000).rounded()) }
  }

  public var score: Double? { millionths.map { Double($0) / 1_000_000 } }
}

/// What is known of one symbol besides its prices, each thing with the moment from which it was known. A value at a
/// moment is made of what was known by then and of nothing else.
public struct Facts: Hashable, Sendable {
  public static let none = Facts()

  /// By publication.
  public let news: [ScoredItem]
  /// By the moment at which they were known.
  public let figures: [FiledFigure]
  /// Places in `news`, by the moment at which the items were known.
  let arrivals: [Int]

  public init(news: [ScoredItem] = [], figures: [FiledFigure] = []) {
    let news = news.enumerated().sorted {
      ($0.element.publishedAt, $0.element.knownAt, $0.offset) < ($1.element.publishedAt, $1.element.knownAt, $1.offset)
    }.map(\.element)
    self.news = news
    arrivals = news.indices.sorted { (news[$0].knownAt, $0) < (news[$1].knownAt, $1) }
    self.figures = figures.enumerated().sorted {
      ($0.element.knownAt, $0.offset) < ($1.element.knownAt, $1.offset)
    }.map(\.element)
  }

  public var isEmpty: Bool { news.isEmpty && figures.isEmpty }

  /// What was known at a moment.
  public func known(by now: Instant) -> Facts {
    Facts(news: news.filter { $0.knownAt <= now }, figures: figures.filter { $0.knownAt <= now })
  }
}

/// The values of one measure at moments that come one after another. A value depends on the facts and the moment alone,
/// whatever was asked before.
public struct FactReading {
  private enum Work {
    case news(NewsWindow, isCount: Bool)
    case figures(FigureChoice)
  }

  private var work: Work

  public init(_ measure: FactMeasure, of facts: Facts) {
    switch measure {
    case .sentiment(let window): work = .news(NewsWindow(facts, window.milliseconds), isCount: false)
    case .newsCount(let window): work = .news(NewsWindow(facts, window.milliseconds), isCount: true)
    case .fundamental(let field, let span, let years):
      work = .figures(FigureChoice(facts, field, span, yearsBefore: years))
    }
  }

  /// NaN where nothing is known.
  public mutating func value(at now: Instant) -> Double {
    switch work {
    case .news(var window, let isCount):
      work = .news(.empty, isCount: isCount)  // so that the window is not copied
      window.move(to: now)
      defer { work = .news(window, isCount: isCount) }
      return isCount ? window.count : window.mean
    case .figures(var choice):
      work = .figures(.empty)
      let value = choice.value(at: now)
      work = .figures(choice)
      return value
    }
  }
}
