import MarketData
import News
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
    _ workspace: Workspace, _ option: FactsOption?, readsNews: Bool, readsStatements: Bool, hasPriceFiles: Bool
  ) throws(Failure) {
    self.workspace = workspace
    let option = option ?? FactsOption()
    if let given = try FactFiles.lexicon(option.lexicon) {
      lexicon = given
    } else {
      lexicon = readsNews ? try workspace.lexicon() : .bundled
    }
    files = try FactFiles(option, lexicon: lexicon)
    newsOfStore = readsNews && option.news.isEmpty && !hasPriceFiles
    statementsOfStore = readsStatements && option.statements.isEmpty && !hasPriceFiles
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
}
