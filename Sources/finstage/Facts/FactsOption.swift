import ArgumentParser
import MarketData
import News
import Storage
import Trading

/// Files of what is known besides prices.
struct FactsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file of news (CSV or JSON: time, title, summary, symbols, score), or SYMBOL=FILE; may be repeated.",
      valueName: "FILE"))
  var news: [String] = []
  @Option(
    help: ArgumentHelp(
      "A file of statements (CSV or JSON: symbol, end, period, filed, revenue, …), or SYMBOL=FILE; may be repeated.",
      valueName: "FILE"))
  var statements: [String] = []
  @Option(
    help: ArgumentHelp(
      "Words by which news is judged, instead of those of the configuration; bundled, and files over it.",
      valueName: "FILE"))
  var lexicon: [String] = []
}

/// News and statements of the files named on the command line.
struct FactFiles {
  private struct Part<Item> {
    /// Whose all of the file is; nil where the items say it.
    var owner: String?
    var path: String
    var items: [Item]
  }

  private var news: [Part<(symbols: Set<String>, item: ScoredItem)>] = []
  private var statements: [Part<FiledStatement>] = []

  static func lexicon(_ paths: [String]) throws(Failure) -> Lexicon? {
    paths.isEmpty ? nil : try LexiconFiles.read(paths)
  }

  init(news newsFiles: [String], statements statementFiles: [String], lexicon: Lexicon) throws(Failure) {
    for argument in newsFiles {
      let file = DataFile(argument)
      let records = try TableFile.records(file.path)
      do throws(RecordFault) {
        let items = try ListedNews.read(records, file: file.path)
        news.append(
          Part(owner: file.symbol, path: file.path, items: items.map { ($0.symbols, $0.scored(by: lexicon)) }))
      } catch {
        throw Failure(.unusable, "\(error)")
      }
    }
    for argument in statementFiles {
      let file = DataFile(argument)
      let records = try TableFile.records(file.path)
      do throws(RecordFault) {
        let read = try FiledStatement.read(records, file: file.path, symbol: file.symbol ?? "")
        statements.append(Part(owner: file.symbol, path: file.path, items: read))
      } catch {
        throw Failure(.unusable, "\(error)")
      }
    }
  }

  /// Those of a symbol. Nil is the symbol of prices that were named by a file alone: the files stand for it as a whole,
  /// and must speak of one symbol.
  func facts(of symbol: String?) throws(Failure) -> Facts {
    if symbol == nil {
      let owners = Set(news.compactMap(\.owner) + statements.compactMap(\.owner))
      try FactFiles.checkOne(owners, "--news and --statements")
    }
    var items: [ScoredItem] = []
    for part in news where part.owner == nil || symbol == nil || part.owner == symbol {
      if symbol == nil, part.owner == nil {
        try FactFiles.checkOne(part.items.reduce(into: Set()) { $0.formUnion($1.symbols) }, part.path)
      }
      items += part.items.filter { one in
        part.owner != nil || symbol == nil || one.symbols.isEmpty || symbol.map(one.symbols.contains) == true
      }.map(\.item)
    }
    var figures: [FiledFigure] = []
    for part in statements where part.owner == nil || symbol == nil || part.owner == symbol {
      if symbol == nil, part.owner == nil { try FactFiles.checkOne(Set(part.items.map(\.symbol)), part.path) }
      for statement in part.items
      where part.owner != nil || symbol == nil || statement.symbol.isEmpty || statement.symbol == symbol {
        figures += statement.figures
      }
    }
    return Facts(news: items, figures: figures)
  }

  private static func checkOne(_ symbols: Set<String>, _ path: String) throws(Failure) {
    guard symbols.count > 1 else { return }
    throw Failure(
      .usage,
      "\(path): these are of \(symbols.sorted().prefix(4).joined(separator: ", "))\(symbols.count > 4 ? " …" : ""); "
        + "say whose prices are meant, --data SYMBOL=FILE")
  }
}
