import Storage
import Testing
import Trading

@Suite struct CompanyConformance {
  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  private func figure(
    _ value: Double, known: Instant, field: StatementField = .revenue, end: Int = 19_722
  ) -> FiledFigure {
    FiledFigure(field, .quarter, endDay: end, knownAt: known, value: value)
  }

  private let filed = Instant(seconds: 1_706_000_000)
  private let imported = Instant(seconds: 1_720_000_000)

  @Test(arguments: StoreEngine.all)
  func `figures are kept with every version, and the same twice is one`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let restated = figure(90, known: filed.advanced(by: 86_400_000))
      let given = [figure(100, known: filed), restated, figure(5, known: filed, field: .eps)]
      let saved = try await store.save(given, of: "A", source: "file a", at: imported)
      #expect(saved.new == 3 && saved.unchanged == 0 && saved.changed == 0)
      let again = try await store.save(given, of: "A", source: "file b", at: imported.advanced(by: 1))
      #expect(again.new == 0 && again.unchanged == 3)
      let kept = try await store.figures(of: "A")
      #expect(Set(kept.map(\.figure)) == Set(given))
      #expect(kept.allSatisfy { $0.source == "file a" && $0.importedAt == imported })
      #expect(try await store.figures(of: "B").isEmpty)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a value that a source changes without a filing is known from the import on`(_ engine: StoreEngine) async throws
  {
    try await store(engine) { store in
      _ = try await store.save([figure(100, known: filed)], of: "A", source: "fmp", at: imported)
      let later = imported.advanced(by: 1_000)
      let saved = try await store.save([figure(101, known: filed)], of: "A", source: "fmp", at: later)
      #expect(saved.changed == 1)
      #expect(
        try await store.figures(of: "A").map(\.figure) == [figure(100, known: filed), figure(101, known: later)])
      let again = try await store.save([figure(101, known: filed)], of: "A", source: "fmp", at: later.advanced(by: 5))
      #expect(again.unchanged == 1)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a profile keeps its sector and where it was taken from`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      var profile = InstrumentProfile(instrument: Instrument(symbol: "AAPL"), names: ["en": "Apple Inc.", "ko": "애플"])
      (profile.sector, profile.industry, profile.source) = ("Technology", "Consumer Electronics", "file a")
      profile.updatedAt = imported
      try await store.save([profile])
      #expect(try await store.profile(of: Instrument(symbol: "AAPL")) == profile)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `an item is known for a symbol since a feed brought it for that symbol`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let late = filed.advanced(by: 3_600_000)
      var item = NewsItem(
        feed: "f", identifier: "1", title: "t", publishedAt: filed.advanced(by: -60_000), fetchedAt: filed,
        symbols: ["A"])
      _ = try await store.save([NewsArrival(item)], of: nil, at: filed)
      item.symbols = ["A", "B"]
      item.fetchedAt = late
      _ = try await store.save([NewsArrival(item)], of: nil, at: late)
      #expect(try await store.knownNews(about: "A").map(\.knownAt) == [filed])
      #expect(try await store.knownNews(about: "B").map(\.knownAt) == [late])
      #expect(try await store.knownNews(about: "B").first?.publishedAt == filed.advanced(by: -60_000))
    }
  }
}
