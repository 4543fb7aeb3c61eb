import Trading

/// The rows of a price file as they are taken in: times and columns, and what is wrong with them.
///
/// Plain rows (no quotes, spaces, signs or exponents) are read in one pass over their bytes by `plainRow`. Every other
/// row, and every row in which anything is wrong, is read again by `carefulRow`, which alone knows the rules.
struct PriceTable {
  let header: PriceHeader
  private var faults = FaultList()
  /// Faults in the order of times stand apart, because a file that runs backwards has one fault and not thousands.
  private var orderFaults = FaultList()
  private var order = RowOrder()
  private var stamps = StampReader()
  private var fields: FieldReader

  private var times: [Instant]
  private var block: [Double]
  private var count = 0
  private var capacity: Int
  /// The number of the next line.
  private var line: Int

  /// Has room for `capacity` rows; more are left out.
  init(header: PriceHeader, capacity: Int) {
    self.header = header
    self.capacity = max(0, capacity)
    self.line = header.rowsLine
    self.fields = FieldReader(separator: header.separator)
    self.times = LargeBlock.filled(Instant(milliseconds: 0), count: self.capacity)
    self.block = LargeBlock.filled(0.0, count: self.capacity * 5)
  }

  /// Takes in whole lines, those that follow the lines taken before. `plain: false` sends each of them the careful way.
  mutating func read(_ bytes: Span<UInt8>, plain: Bool = true) {
    let roles = header.roles
    var start = 0
    while start < bytes.count {
      if plain, let next = plainRow(bytes, start, roles) {
        start = next
        line += 1
      } else {
        var lines = LineReader(bytes, start: start, number: line - 1, lineEnd: header.lineEnd)
        guard let row = lines.next() else { break }
        carefulRow(bytes, row)
        start = lines.at
        line += 1
      }
    }
  }

  /// The series, or the faults that stand against one.
  consuming func series(
    instrument: Instrument, timeframe: Timeframe?, name: String
  ) throws(PriceFileError) -> CandleSeries {
    if order.runsBackwards {
      orderFaults = FaultList()
      orderFaults.add(.newestFirst, line: header.rowsLine) { [order] in order.newestFirst }
    }
    faults.merge(orderFaults)
    if count == 0, faults.total == 0 {
      faults.add(.headerOnly, line: max(1, header.rowsLine - 1)) { "the file holds a header and no rows" }
    }
    guard faults.total == 0 else { throw .faults(file: name, faults.faults, total: faults.total) }
    if count < capacity { closeUp() }
    return CandleSeries(
      instrument: instrument, timeframe: timeframe ?? Timeframe.inferred(from: times) ?? .day, times: times,
      block: block)
  }

  /// Takes a row of plain fields in which nothing is wrong; gives the start of the next. Nil where it is another row.
  @inline(__always)
  private mutating func plainRow(_ bytes: Span<UInt8>, _ start: Int, _ roles: [PriceHeader.Role]) -> Int? {
    var at = start
    var time = Instant(milliseconds: 0)
    var (open, high, low, close, volume) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for index in 0..<roles.count {
      switch roles[index] {
      case .time:
        if let stamp = stamps.fixedWidth(bytes, at: &at) {
          time = stamp
        } else {
          let end = fieldEnd(bytes, at)
          guard let stamp = Instant(bytes.extracting(at..<end)) else { return nil }
          time = stamp
          at = end
        }
      case .value(let column):
        guard let number = DecimalNumber(bytes).plain(at: &at) else { return nil }
        switch column {
        case 0: open = number
        case 1: high = number
        case 2: low = number
        case 3: close = number
        default: volume = number
        }
      case .passedOver:
        let end = fieldEnd(bytes, at)
        for place in at..<end where bytes[place] == UInt8(ascii: "\"") { return nil }
        at = end
      }
      guard at < bytes.count else { return nil }
      if index < roles.count - 1 {
        guard bytes[at] == header.separator else { return nil }
        at += 1
      }
    }
    if bytes[at] == 13, header.lineEnd == 10, at + 1 < bytes.count { at += 1 }
    guard bytes[at] == header.lineEnd, at - start < PriceFile.lineLimit, count < capacity else { return nil }
    guard open > 0, high > 0, low > 0, close > 0, high >= low, order.isNext(time) else { return nil }
    order.accept(time, line: line, row: count)
    store(time, open, high, low, close, volume)
    return at + 1
  }

  @inline(__always)
  private func fieldEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var at = start
    while at < bytes.count, bytes[at] != header.separator, bytes[at] != 10, bytes[at] != 13 { at += 1 }
    return at
  }

  @inline(__always)
  private mutating func store(
    _ time: Instant, _ open: Double, _ high: Double, _ low: Double, _ close: Double, _ volume: Double
  ) {
    times[count] = time
    block[count] = open
    block[capacity + count] = high
    block[2 * capacity + count] = low
    block[3 * capacity + count] = close
    block[4 * capacity + count] = volume
    count += 1
  }

  /// Takes any row, or says what is wrong with it.
  private mutating func carefulRow(_ bytes: Span<UInt8>, _ line: LineReader.Line) {
    guard line.end - line.start <= PriceFile.lineLimit else {
      return faults.add(.lineTooLong, line: line.number) { LineReader.tooLong(line) }
    }
    guard fields.split(bytes, line) == .whole else {
      return faults.add(.unterminatedQuote, line: line.number) { "a quote opens that nothing on the line closes" }
    }
    // Spreadsheets leave blank lines behind, and lines of nothing but separators.
    if fields.fields.allSatisfy(\.isEmpty) { return }
    guard fields.fields.count == header.roles.count else {
      let found = fields.fields.count
      return faults.add(.fieldCount, line: line.number) { [header] in
        "the row has \(found) \(found == 1 ? "field" : "fields"), where the header names \(header.roles.count)"
      }
    }
    var row = CarefulRow(header: header, line: line.number)
    row.read(bytes, fields.fields, faults: &faults)
    guard let time = row.time else { return }
    guard order.isNext(time) else {
      let column = row.timeColumn
      return order.refuse(time, among: times, rows: count, line: line.number, column: column, faults: &orderFaults)
    }
    // A row with a fault takes its place as well, so that the order of all times is judged; the file is refused anyhow.
    guard count < capacity else { return }
    order.accept(time, line: line.number, row: count)
    store(time, row.values[0], row.values[1], row.values[2], row.values[3], row.values[4])
  }

  /// Moves the columns together where blank lines made them shorter than the lines that were counted.
  private mutating func closeUp() {
    for column in 0..<5 {
      for row in 0..<count { block[column * count + row] = block[column * capacity + row] }
    }
    block.removeLast((capacity - count) * 5)
    times.removeLast(capacity - count)
    capacity = count
  }
}
