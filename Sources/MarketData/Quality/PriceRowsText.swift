import Trading

extension PriceRows {
  /// The rows as a CSV file: the columns that they have, every number to its last bit.
  public var csv: String {
    var header = ["timestamp", "open", "high", "low", "close"]
    if adjusted != nil { header.append("adj close") }
    header.append("volume")
    var more: [[Double]] = []
    for (name, column) in [("dividends", dividends), ("stock splits", splits), ("capital gains", gains)]
    where !column.isEmpty {
      header.append(name)
      more.append(column)
    }
    let currency = currencies.count == 1 ? currencies[0] : nil
    if currency != nil { header.append("currency") }
    var text = header.joined(separator: ",") + "\n"
    for bar in 0..<count {
      text += times[bar].description
      func put(_ value: Double) { text += "," + (value.isFinite ? FieldText.number(value) : "") }
      for column in 0..<4 { put(columns[column][bar]) }
      if let adjusted { put(adjusted[bar]) }
      put(columns[4][bar])
      for column in more { put(column[bar]) }
      if let currency { text += ",\(currency)" }
      text += "\n"
    }
    return text
  }
}
