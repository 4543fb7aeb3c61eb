import Foundation
import Pipelines
import StrategyModules
import Testing
import Trading

/// Portfolios and rotations as files beside others.
@Suite struct PortfolioReaderTests {
  private static func strategy(_ name: String, timeframe: String = "1d", acts: String = "symbols: [X]") -> String {
    "name: \(name)\ntimeframe: \(timeframe)\n\(acts)\npipeline:\n  - { id: up, buy: close > open }\n"
  }

  /// What is said of `book.yaml` beside other files.
  private func faults(_ strategies: String, beside files: [String: String]) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var paths: [String: String] = [:]
    for (name, text) in files {
      let file = folder.appending(path: "\(name).yaml")
      try text.write(to: file, atomically: true, encoding: .utf8)
      paths[name] = file.path()
    }
    let book = folder.appending(path: "book.yaml")
    try "kind: portfolio\nname: book\nstrategies: \(strategies)\n".write(to: book, atomically: true, encoding: .utf8)
    var reader = StrategyReader(registry: bundled)
    let library = paths
    reader.library = { library }
    return reader.declaration(path: book.path()).diagnostics.map {
      "\($0.code.rawValue): \($0.message) \($0.hint ?? "")"
    }
  }

  @Test("strategies beside a portfolio are found by their names") func finds() throws {
    let found = try faults(
      "[one, other]", beside: ["one": Self.strategy("one"), "other": Self.strategy("other")])
    #expect(found == [])
  }

  @Test("a name that is near to another is not taken for it") func suggests() throws {
    let found = try faults("[golden-crss]", beside: ["golden-cross": Self.strategy("golden-cross")])
    #expect(found == ["E021 unknown-name: there is no strategy \"golden-crss\" did you mean \"golden-cross\"?"])
  }

  @Test("a portfolio is made of strategies on symbols and of one timeframe") func refuses() throws {
    let found = try faults(
      "[one, hourly, turns, pairs]",
      beside: [
        "one": Self.strategy("one"), "hourly": Self.strategy("hourly", timeframe: "1h"),
        "turns": "kind: rotation\nname: turns\n",
        "pairs": Self.strategy("pairs", acts: "groups: [{ a: X, b: Y }]"),
      ])
    #expect(
      found.map { String($0.prefix { $0 != " " }) } == ["E026", "E013", "E013"], "\(found.joined(separator: "\n"))")
    #expect(found[0].contains("hourly is of 1h and one of 1d"))
    #expect(found[1].contains("\"turns\" is a rotation"))
    #expect(found[2].contains("acts on groups"))
  }

  @Test("the shipped rotations and portfolios are sound") func shippedAreSound() throws {
    let folder = repositoryFile("strategies")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    var reader = StrategyReader(registry: bundled, watchlists: ["index": []])
    let library = Dictionary(
      files.map { (URL(filePath: $0).deletingPathExtension().lastPathComponent, folder.appending(path: $0).path) },
      uniquingKeysWith: { first, _ in first })
    reader.library = { library }
    let books = files.filter { $0.hasPrefix("portfolios/") }
    #expect(books.count >= 2)
    for book in books {
      let (declared, diagnostics) = reader.declaration(path: folder.appending(path: book).path)
      #expect(diagnostics.map(\.description) == [])
      #expect(declared?.kind == .rotation || declared?.kind == .portfolio, "\(book)")
    }
  }

  @Test("a rotation and a portfolio are described in words") func describes() throws {
    func words(_ name: String, _ locale: StrategyDescription.Locale) throws -> String {
      let bytes = [UInt8](try Data(contentsOf: caseFile("Sound/\(name).yaml")))
      let declared = try #require(declaration(bytes, file: "\(name).yaml").declaration)
      return StrategyDescription(of: declared, locale: locale, registry: bundled).text
    }
    let rotation = try words("a-rotation", .en)
    #expect(rotation.contains("On bars of 1d, a choice among @index, AAPL."))
    #expect(rotation.contains("Only symbols where the close is above the 200-bar simple moving average are ranked."))
    #expect(rotation.contains("The best 2 are held."))
    #expect(rotation.contains("kept until its rank is worse than 3"))
    #expect(rotation.contains("by the inverse of the volatility over the last 63 bars"))
    #expect(rotation.contains("first bar of each month"))
    #expect(try words("a-rotation", .ko).contains("매달 첫 봉"))
    let portfolio = try words("a-portfolio", .en)
    #expect(portfolio.contains("One purse for the strategies golden-cross, turtle-55."))
    #expect(portfolio.contains("At most 3 positions"))
    #expect(try words("a-portfolio", .ko).contains("최대 3개"))
  }

  @Test("a universe knows its members by date") func knowsDates() throws {
    func date(_ text: String) throws -> Instant { try #require(Instant(text)) }
    let universe = Universe([
      .init(symbol: "B", from: try date("2001-01-01"), to: try date("2001-12-31")),
      .init(symbol: "A"), .init(symbol: "B", from: try date("2005-01-01")),
    ])
    #expect(universe.symbols == ["A", "B"] && universe.isDated)
    #expect(universe.contains("A", at: try date("1990-01-01")))
    #expect(!universe.contains("B", at: try date("2000-12-31T23:59:59Z")))
    #expect(universe.contains("B", at: try date("2001-12-31T20:00:00Z")))
    #expect(!universe.contains("B", at: try date("2002-01-01")))
    #expect(universe.contains("B", at: try date("2010-06-01")))
    #expect(!universe.contains("C", at: try date("2010-06-01")))
    #expect(!Universe(symbols: ["A"]).isDated && !universe.limited(to: ["A"]).isDated)
  }
}
