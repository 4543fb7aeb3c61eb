import Trading

/// One row read by all the rules, with a fault for each thing that is wrong.
struct CarefulRow {
  let header: PriceHeader
  let line: Int
  /// Nil where it cannot be read.
  private(set) var time: Instant?
  /// The header's word for the time column.
  private(set) var timeColumn = ""
  /// Open, high, low, close, volume; NaN where nothing stands.
  private(set) var values: InlineArray<5, Double>

  init(header: PriceHeader, line: Int) {
    self.header = header
    self.line = line
    self.values = [.nan, .nan, .nan, .nan, header.hasVolume ? .nan : 0]
  }

  mutating func read(_ bytes: Span<UInt8>, _ fields: [Range<Int>], faults: inout FaultList) {
    let before = faults.total
    for (index, role) in header.roles.enumerated() {
      let field = bytes.extracting(fields[index])
      switch role {
      case .time: readTime(field, header.names[index], faults: &faults)
      case .value(let column): readValue(field, column, header.names[index], faults: &faults)
      case .passedOver: break
      }
    }
    if faults.total == before { checkPrices(faults: &faults) }
  }

  private mutating func readTime(_ field: Span<UInt8>, _ name: String, faults: inout FaultList) {
    timeColumn = name
    time = Instant(field)
    if time == nil {
      let found = FieldText.quoted(field)
      faults.add(.unreadableTime, line: line, column: name) {
        "\(name) is \(found); ISO 8601 (2024-01-02, 2024-01-02T15:30:00Z) or epoch seconds or milliseconds are admitted"
      }
    }
  }

  private mutating func readValue(_ field: Span<UInt8>, _ column: Int, _ name: String, faults: inout FaultList) {
    if CarefulRow.meansNothing(field) { return }
    switch DecimalNumber.read(field) {
    case .number(let value):
      values[column] = value
      if column < 4, value <= 0 {
        let found = FieldText.full(field)
        faults.add(.nonPositivePrice, line: line, column: name) { "\(name) is \(found); a price is above 0" }
      } else if value < 0 {
        let found = FieldText.full(field)
        faults.add(.negativeVolume, line: line, column: name) { "\(name) is \(found); a volume is 0 or more" }
      }
    case .notFinite:
      let found = FieldText.quoted(field)
      faults.add(.notFinite, line: line, column: name) { "\(name) is \(found); a finite number is admitted" }
    case .notANumber:
      let found = FieldText.quoted(field)
      faults.add(.notANumber, line: line, column: name) { "\(name) is \(found); a number such as 101.25 is admitted" }
    }
  }

  /// A row without any price is a missing bar; one with some of them is a fault.
  private mutating func checkPrices(faults: inout FaultList) {
    var missing = 0
    for column in 0..<4 where values[column].isNaN { missing += 1 }
    if missing == 4 {
      values[4] = .nan
    } else if missing > 0 {
      for (index, role) in header.roles.enumerated() {
        guard case .value(let column) = role, column < 4, values[column].isNaN else { continue }
        let name = header.names[index]
        faults.add(.missingPrice, line: line, column: name) {
          "\(name) is missing; a row has all four prices, or none where the bar is missing"
        }
      }
    } else if values[1] < values[2] {
      let (high, low) = (values[1], values[2])
      faults.add(.highBelowLow, line: line, column: name(of: 1)) {
        "\(name(of: 1)) \(FieldText.number(high)) is below \(name(of: 2)) \(FieldText.number(low)); a high is the low or more"
      }
    }
  }

  private func name(of column: Int) -> String {
    header.roles.firstIndex(of: .value(column)).map { header.names[$0] } ?? ""
  }

  /// The words that exporters write where there is no number.
  static func meansNothing(_ field: Span<UInt8>) -> Bool {
    field.isEmpty || DecimalNumber.isWord(field, "null") || DecimalNumber.isWord(field, "nan")
      || DecimalNumber.isWord(field, "na") || DecimalNumber.isWord(field, "n/a")
      || DecimalNumber.isWord(field, "none")
  }
}
