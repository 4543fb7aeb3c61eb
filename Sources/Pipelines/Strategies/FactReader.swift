import MarketData
import PluginKit
import Trading

/// Reads `news:` and `filings:` of a test: what was known of the symbol besides its prices.
struct FactReader {
  /// Nil where the test's bars are faulty, which has been reported.
  let candles: CandleSeries?
  let diagnostics: Diagnostics

  /// As many as a test needs at most; they are kept in memory.
  private static let limit = 10_000

  func read(news: YAMLValue?, filings: YAMLValue?) -> Facts? {
    let before = diagnostics.errors
    var items: [ScoredItem] = []
    for value in list(news, "news") {
      if let item = item(value) { items.append(item) }
    }
    var figures: [FiledFigure] = []
    for value in list(filings, "filings") {
      if let figure = figure(value) { figures.append(figure) }
    }
    return diagnostics.errors == before ? Facts(news: items, figures: figures) : nil
  }

  private func list(_ value: YAMLValue?, _ what: String) -> [YAMLValue] {
    guard let value, let items = diagnostics.list(value, what) else { return [] }
    guard items.count <= FactReader.limit else {
      diagnostics.report(.tooLarge, at: value, "\(what) has \(items.count) entries; \(FactReader.limit) are admitted")
      return []
    }
    return items
  }

  /// `{ bar: 3, score: 0.5 }`; `late: 2` for one that is known so many bars after its publication.
  private func item(_ value: YAMLValue) -> ScoredItem? {
    guard var reader = MappingReader(value, "an item of news", diagnostics) else { return nil }
    let place = place(&reader)
    let score = diagnostics.number(reader.require("score", hint: "score: 0.5, from −1 to 1"), "score")
    let lateEntry = reader.entry("late")
    let late = lateEntry.map { diagnostics.whole($0.value, "late", 0...100_000) } ?? 0
    reader.finish()
    guard let place, let score, let late else { return nil }
    guard (-1...1).contains(score) else {
      diagnostics.report(.outOfRange, at: value, "score lies from −1 to 1; found \(Figure(score))")
      return nil
    }
    guard late > 0, let bar = place.bar else {
      if let lateEntry, late > 0 {
        diagnostics.report(.conflictingKeys, at: lateEntry.key, "late: counts bars: it stands beside bar:")
        return nil
      }
      return ScoredItem(publishedAt: place.time, score: score)
    }
    // One that is known behind the last bar is never read.
    let known = candles.map { bar + late < $0.count ? $0.knownAt(bar + late) : Instant(milliseconds: .max) }
    return ScoredItem(publishedAt: place.time, knownAt: known, score: score)
  }

  /// `{ bar: 3, field: revenue, end: 2023-12-31, value: 100 }`.
  private func figure(_ value: YAMLValue) -> FiledFigure? {
    guard var reader = MappingReader(value, "a filing", diagnostics) else { return nil }
    let place = place(&reader)
    let field = field(reader.require("field", hint: "field: revenue"))
    let period =
      reader.entry("period").map {
        diagnostics.word($0.value, "period", of: FiledFigure.Period.allCases.map(\.rawValue))
          .flatMap(FiledFigure.Period.init(rawValue:))
      } ?? .quarter
    let endValue = reader.require("end", hint: "end: 2023-12-31, the last day of the period")
    let end = time(endValue, "end")
    let amount = diagnostics.number(reader.require("value"), "value")
    reader.finish()
    guard let place, let field, let period, let end, let amount else { return nil }
    return FiledFigure(field, period, endDay: end.day, knownAt: place.time, value: amount)
  }

  private func field(_ value: YAMLValue?) -> StatementField? {
    guard let value, let name = diagnostics.text(value, "field") else { return nil }
    if let field = StatementField(rawValue: name) { return field }
    diagnostics.report(
      .unknownName, at: value, "statements have no field \"\(name)\"",
      hint: suggestion(for: name, among: StatementField.allCases.map(\.rawValue), called: "fields"))
    return nil
  }

  /// When it was published: `bar: 3`, at the close of that bar, or `time:`.
  private func place(_ reader: inout MappingReader) -> (time: Instant, bar: Int?)? {
    let (bar, time) = (reader.entry("bar"), reader.entry("time"))
    if let bar, time != nil {
      diagnostics.report(.conflictingKeys, at: bar.key, "\(reader.what) has bar: or time:, one of them")
      return nil
    }
    if let time { return self.time(time.value, "time").map { ($0, nil) } }
    guard let value = bar?.value ?? reader.require("bar", hint: "bar: 3, or time: 2024-01-31T15:30:00Z"),
      let candles, let number = diagnostics.whole(value, "bar", 0...max(0, candles.count - 1)), number < candles.count
    else { return nil }
    return (candles.knownAt(number), number)
  }

  private func time(_ value: YAMLValue?, _ what: String) -> Instant? {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    if let time = Instant(text) { return time }
    diagnostics.report(.badTime, at: value, "\(what) \"\(text)\" is no time", hint: "write 2024-01-31T15:30:00Z")
    return nil
  }
}
