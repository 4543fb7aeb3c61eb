/// Where the columns stand that a header names besides time, prices and volume.
struct HistoryColumns {
  var adjusted: Int?
  var dividends: Int?
  var splits: Int?
  var gains: Int?
  var currency: Int?

  init(_ header: PriceHeader) {
    func index(_ names: String...) -> Int? {
      header.names.firstIndex { name in
        names.contains(String(name.lowercased().filter { $0 != " " && $0 != "_" && $0 != "-" }))
      }
    }
    adjusted = index("adjclose", "adjustedclose")
    dividends = index("dividends", "dividend")
    splits = index("stocksplits", "stocksplit", "splits", "split")
    gains = index("capitalgains", "capitalgain")
    currency = index("currency")
  }

  var isEmpty: Bool { [adjusted, dividends, splits, gains, currency].allSatisfy { $0 == nil } }
}
