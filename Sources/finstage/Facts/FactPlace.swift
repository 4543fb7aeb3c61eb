import MarketData
import News
import Pipelines
import Storage
import Trading

/// Where a run finds news and statements: in files named on the command line, else, where the prices are no files
/// either, in the store.
struct FactPlace {
  private let workspace: Workspace
  private let files: FactFiles
  private let lexicon: Lexicon
  private let newsOfStore, statementsOfStore: Bool

  init(
    _ workspace: Workspace, _ option: FactsOption?, for declared: [Declaration], hasPriceFiles: Bool
  ) throws(Failure) {
    var graphs: [Graph] = []
    // What the strategies of a portfolio read is known when they are read.
    var hasPortfolios = false
    for one in declared {
      switch one {
      case .strategy(let strategy): graphs.append(strategy.graph)
      case .rotation(let rotation): graphs.append(rotation.graph)
      case .priceAlert(let alert): graphs += alert.strategies.map(\.graph)
      case .portfolio: hasPortfolios = true
      }
    }
    let readsNews = hasPortfolios || graphs.contains(where: \.readsNews)
    let readsStatements = hasPortfolios || graphs.contains(where: \.readsStatements)
    self.workspace = workspace
    let (news, statements) = (option?.news ?? [], option?.statements ?? [])
    if let given = try FactFiles.lexicon(option?.lexicon ?? []) {
      lexicon = given
    } else {
      lexicon = readsNews ? try workspace.lexicon() : .bundled
    }
    files = try FactFiles(news: news, statements: statements, lexicon: lexicon)
    newsOfStore = readsNews && news.isEmpty && !hasPriceFiles
    statementsOfStore = readsStatements && statements.isEmpty && !hasPriceFiles
  }

  func facts(of symbol: String?) async throws(Failure) -> Facts {
    let given = try files.facts(of: symbol)
    guard let symbol, newsOfStore || statementsOfStore else { return given }
    do throws(StoreError) {
      let store = try workspace.reading()
      let stored = try await StoredFacts(news: store, statements: store, lexicon: lexicon)
        .of(symbol, news: newsOfStore, statements: statementsOfStore)
      return Facts(
        news: newsOfStore ? stored.news : given.news, figures: statementsOfStore ? stored.figures : given.figures)
    } catch {
      if case .missing = error { return given }
      throw Failure(error)
    }
  }

  /// What a strategy reads and the market has nothing of.
  static func missing(_ strategy: Strategy, in market: Market) -> [String] {
    let symbol = market.deciding.instrument.symbol
    var lines: [String] = []
    if strategy.graph.readsNews, market.facts.news.isEmpty {
      lines.append("\(strategy.name): reads news, and there is none of \(symbol): --news FILE")
    }
    if strategy.graph.readsStatements, market.facts.figures.isEmpty {
      lines.append("\(strategy.name): reads statements, and there are none of \(symbol): --statements FILE")
    }
    return lines
  }
}
