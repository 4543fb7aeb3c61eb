import Pipelines
import Trading

extension ConfigurationReader {
  /// Reads `watchlists:`: symbols, or symbols with the dates between which they belong to the list.
  func watchlists(_ entry: YAMLValue.Entry?) -> [String: [Universe.Member]] {
    guard let entry, let entries = MappingReader(entry.value, "watchlists", at: entry.key, diagnostics)?.entries
    else { return [:] }
    var lists: [String: [Universe.Member]] = [:]
    for list in entries {
      let items = diagnostics.list(list.value, "the watchlist \(list.name)") ?? []
      lists[list.name] = items.compactMap(member)
    }
    return lists
  }

  private func member(_ item: YAMLValue) -> Universe.Member? {
    guard item.entries != nil else { return diagnostics.text(item, "a symbol").map { Universe.Member(symbol: $0) } }
    guard var reader = MappingReader(item, "a member of a watchlist", diagnostics) else { return nil }
    let symbol = diagnostics.text(
      reader.require("symbol", hint: "{ symbol: AAPL, from: 1999-01-01, to: 2010-12-31 }"), "a symbol")
    let (from, to) = (reader.take("from"), reader.take("to"))
    let (first, last) = (date(from, "from"), date(to, "to"))
    reader.finish()
    if let to, let first, let last, last < first {
      diagnostics.report(.badTime, at: to, "to \(last.dateText) lies before from \(first.dateText)")
    }
    return symbol.map { Universe.Member(symbol: $0, from: first, to: last) }
  }

  private func date(_ value: YAMLValue?, _ what: String) -> Instant? {
    guard let value, let text = diagnostics.text(value, what) else { return nil }
    if text.count == 10, let instant = Instant(text) { return instant }
    diagnostics.report(.badTime, at: value, "\(what) \(value.found) is no date", hint: "write 1999-01-31")
    return nil
  }
}
