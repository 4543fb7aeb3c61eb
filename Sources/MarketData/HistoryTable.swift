import Trading

/// The rows of a file in its own order, as they are taken in.
struct HistoryTable {
  let header: PriceHeader
  let extra: HistoryColumns
  /// What cannot be read at all.
  var faults = FaultList()
  private var fields: FieldReader
  private var times: [Instant] = []
  /// The same moments on the clock of the zone that they name.
  private var local: [Instant] = []
  private var columns: [[Double]] = Array(repeating: [], count: 5)
  private var adjusted: [Double] = []
  private var dividends: [Double] = []
  private var splits: [Double] = []
  private var gains: [Double] = []
  private var currencies: [String] = []
  private var lines: [Int] = []
  private var line: Int

  init(header: PriceHeader) {
    self.header = header
    self.extra = HistoryColumns(header)
    self.fields = FieldReader(separator: header.separator)
    self.line = header.rowsLine
  }

  var count: Int { times.count }

  var runsBackwards: Bool {
    var (up, down) = (0, 0)
    for row in 1..<max(1, count) {
      if times[row] > times[row - 1] { up += 1 } else if times[row] < times[row - 1] { down += 1 }
    }
    return down > up
  }

  /// Takes in whole lines.
  mutating func read(_ bytes: Span<UInt8>) {
    var start = 0
    while start < bytes.count {
      var reader = LineReader(bytes, start: start, number: line - 1, lineEnd: header.lineEnd)
      guard let row = reader.next() else { break }
      take(bytes, row)
      start = reader.at
      line += 1
    }
  }

  private mutating func take(_ bytes: Span<UInt8>, _ line: LineReader.Line) {
    guard line.end - line.start <= PriceFile.lineLimit else {
      return faults.add(.lineTooLong, line: line.number) { LineReader.tooLong(line) }
    }
    guard fields.split(bytes, line) == .whole else {
      return faults.add(.unterminatedQuote, line: line.number) { "a quote opens that nothing on the line closes" }
    }
    if fields.fields.allSatisfy(\.isEmpty) { return }
    guard fields.fields.count == header.roles.count else {
      let found = fields.fields.count
      return faults.add(.fieldCount, line: line.number) { [header] in
        "the row has \(found) \(found == 1 ? "field" : "fields"), where the header names \(header.roles.count)"
      }
    }
    var row = CarefulRow(header: header, line: line.number)
    var found = FaultList()
    row.read(bytes, fields.fields, faults: &found)
    let before = faults.total
    for fault in found.faults where !HistoryTable.isForChecks(fault.kind) {
      faults.add(fault.kind, line: fault.line, column: fault.column) { fault.message }
    }
    let more = (
      number(bytes, extra.adjusted, line.number, admitsInfinite: true), number(bytes, extra.dividends, line.number),
      number(bytes, extra.splits, line.number), number(bytes, extra.gains, line.number)
    )
    guard faults.total == before, let time = row.time else { return }
    times.append(time)
    local.append(clockTime(bytes, time))
    for column in 0..<5 { columns[column].append(row.values[column]) }
    adjusted.append(more.0)
    dividends.append(more.1.isNaN ? 0 : more.1)
    splits.append(more.2.isNaN ? 0 : more.2)
    gains.append(more.3.isNaN ? 0 : more.3)
    lines.append(line.number)
    if let currency = extra.currency {
      let text = FieldText.full(bytes.extracting(fields.fields[currency]))
      if !text.isEmpty, !currencies.contains(text), currencies.count < 20 { currencies.append(text) }
    }
  }

  /// Faults of prices, which the quality checks report.
  private static func isForChecks(_ kind: PriceFault.Kind) -> Bool {
    switch kind {
    case .missingPrice, .nonPositivePrice, .negativeVolume, .highBelowLow: true
    default: false
    }
  }

  /// A number of a further column; NaN where there is none.
  private mutating func number(
    _ bytes: Span<UInt8>, _ index: Int?, _ line: Int, admitsInfinite: Bool = false
  ) -> Double {
    guard let index else { return .nan }
    let field = bytes.extracting(fields.fields[index])
    if CarefulRow.meansNothing(field) { return .nan }
    let name = header.names[index]
    switch DecimalNumber.read(field) {
    case .number(let value): return value
    case .notFinite where admitsInfinite:
      return field[0] == UInt8(ascii: "-") ? -.infinity : .infinity
    case .notFinite:
      faults.add(.notFinite, line: line, column: name) { "\(name) is not finite; a finite number is admitted" }
    case .notANumber:
      let found = FieldText.quoted(field)
      faults.add(.notANumber, line: line, column: name) { "\(name) is \(found); a number such as 0.25 is admitted" }
    }
    return .nan
  }

  /// The time as its zone's clock shows it.
  private func clockTime(_ bytes: Span<UInt8>, _ time: Instant) -> Instant {
    guard let column = header.roles.firstIndex(of: .time) else { return time }
    let field = bytes.extracting(fields.fields[column])
    guard field.count > 19, let local = Instant(field.extracting(first: 19)) else { return time }
    return local
  }

  /// The rows in the order of time, the first of those with one time.
  consuming func rows(instrument: Instrument, timeframe: Timeframe?, turned: Bool) -> PriceRows {
    var order = Array(turned ? Array(times.indices.reversed()) : Array(times.indices))
    let length = timeframe ?? Timeframe.inferred(from: order.map { times[$0] }.sorted()) ?? .day
    if length.milliseconds >= Timeframe.day.milliseconds, local.allSatisfy({ $0.milliseconds % 86_400_000 == 0 }) {
      times = local
    }
    var stepsBack: [PriceRows.StepBack] = []
    for (above, row) in zip(order, order.dropFirst()) where times[row] < times[above] {
      stepsBack.append(PriceRows.StepBack(line: lines[row], time: times[row], above: times[above]))
    }
    if !stepsBack.isEmpty {
      let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
      order.sort { (times[$0], places[$0, default: 0]) < (times[$1], places[$1, default: 0]) }
    }
    var repeats: [PriceRows.Repeat] = []
    var kept: [Int] = []
    for row in order {
      if let last = kept.last, times[last] == times[row] {
        let candle = Candle(
          time: times[row], open: columns[0][row], high: columns[1][row], low: columns[2][row], close: columns[3][row],
          volume: columns[4][row])
        repeats.append(PriceRows.Repeat(bar: kept.count - 1, line: lines[row], candle: candle))
      } else {
        kept.append(row)
      }
    }
    var rows = PriceRows(
      instrument: instrument, timeframe: length, times: kept.map { times[$0] },
      columns: columns.map { column in kept.map { column[$0] } })
    if extra.adjusted != nil { rows.adjusted = kept.map { adjusted[$0] } }
    if extra.dividends != nil { rows.dividends = kept.map { dividends[$0] } }
    if extra.splits != nil { rows.splits = kept.map { splits[$0] } }
    if extra.gains != nil { rows.gains = kept.map { gains[$0] } }
    rows.currencies = currencies
    rows.lines = kept.map { lines[$0] }
    rows.repeats = repeats
    rows.stepsBack = stepsBack
    return rows
  }
}
