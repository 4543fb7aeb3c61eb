import Trading

/// What the index keeps of a trial: where its line stands, what tells it from others, and its Sharpe ratio.
struct LedgerEntry: Sendable {
  var hash: ConfigurationHash
  var tried: ClosedRange<Instant>
  /// Per bar; NaN where it is not defined.
  var sharpe: Double
  var start: Int
  var length: Int32
  /// The next entry of the same key; −1 is none.
  var next: Int32
  /// The place of its instrument and timeframe in the index.
  var data: Int32
  /// Whether no later line stands for the same trial.
  var isLive = true

  /// Where its line stands.
  var line: Range<Int> { start..<start + Int(length) }
}

/// Which trials a ledger's file holds and where. It keeps about two hundred bytes a trial, and is brought up to date by
/// reading what was appended since.
struct LedgerIndex: Sendable {
  private(set) var entries: [LedgerEntry] = []
  /// The instruments and timeframes, in the order in which they came.
  private(set) var data: [TrialData] = []
  /// Where each text stands.
  private(set) var texts: [ConfigurationHash: Range<Int>] = [:]
  private(set) var removals: [Range<Int>] = []
  /// Where the last line ends that was finished.
  private(set) var end = 0
  /// Whether only its line end is missing at the last line.
  private(set) var lacksLineEnd = false
  /// Bytes after `end`: a line that was never finished.
  private(set) var torn = 0
  /// Lines that cannot be read, from 1, the first few.
  private(set) var damaged: [Int] = []
  private(set) var lines = 0
  /// Lines that a later one took the place of.
  private(set) var superseded = 0
  private var dataPlaces: [TrialData: Int32] = [:]
  private var heads: [Key: Int32] = [:]
  private var file: LedgerFile.Identity?

  private struct Key: Hashable {
    var hash: ConfigurationHash
    var data: Int32
  }

  private static let chunk = 1 << 19
  /// A text is a megabyte of YAML at most, and an escaped character six bytes.
  private static let longestLine = 8 << 20

  /// How many trials there are.
  var count: Int { entries.count - superseded }

  /// Entries of a key that no later line stands for.
  func live(_ key: TrialKey) -> [Int] {
    guard let data = dataPlaces[key.data] else { return [] }
    return live(Key(hash: key.hash, data: data))
  }

  private func live(_ key: Key) -> [Int] {
    var found: [Int] = []
    var place = Int(heads[key] ?? -1)
    while place >= 0 {
      if entries[place].isLive { found.append(place) }
      place = Int(entries[place].next)
    }
    return found
  }

  /// Entries of an instrument and timeframe, by place; with dates, those that were tried on some of them.
  func live(of data: TrialData?, overlapping dates: ClosedRange<Instant>?) -> [Int] {
    var wanted: Int32?
    if let data {
      guard let place = dataPlaces[data] else { return [] }
      wanted = place
    }
    return entries.indices.filter { place in
      let entry = entries[place]
      return entry.isLive && (wanted.map { $0 == entry.data } ?? true)
        && (dates.map { $0.overlaps(entry.tried) } ?? true)
    }
  }

  /// Reads what it does not know yet of a file; where that fails it knows nothing.
  mutating func update(from file: borrowing LedgerFile) throws(TrialLedgerError) {
    do throws(TrialLedgerError) { try readOn(file) } catch {
      self = LedgerIndex()
      throw error
    }
  }

  private mutating func readOn(_ file: borrowing LedgerFile) throws(TrialLedgerError) {
    if self.file != file.identity || file.size < end { self = LedgerIndex() }
    self.file = file.identity
    torn = 0
    guard file.size > end else { return }
    // Rows are longer than this: memory is asked for once.
    if entries.isEmpty { entries.reserveCapacity((file.size - end) / 1_000) }
    if lacksLineEnd { (end, lacksLineEnd) = (end + 1, false) }
    var buffer: [UInt8] = []
    while true {
      let more = try file.read(at: end + buffer.count, count: LedgerIndex.chunk)
      buffer += more
      buffer.removeFirst(try takeLines(of: buffer.span, file))
      if buffer.count > LedgerIndex.longestLine {
        guard try passOver(buffer, of: file) else { return }
        buffer = []
      } else if more.isEmpty {
        return try finish(buffer, of: file)
      }
    }
  }

  /// Takes the lines that end in the bytes, and tells how many bytes those are.
  private mutating func takeLines(of bytes: Span<UInt8>, _ file: borrowing LedgerFile) throws(TrialLedgerError) -> Int {
    var start = 0
    while let place = bytes.first(10, from: start) {
      try take(bytes.extracting(start..<place), of: file)
      start = place + 1
    }
    return start
  }

  /// Goes over a line that is too long to be one of a ledger; false where the file ends before it does.
  private mutating func passOver(_ begin: [UInt8], of file: borrowing LedgerFile) throws(TrialLedgerError) -> Bool {
    guard lines > 0 else { throw .notALedger(path: file.path, found: LedgerIndex.shown(begin.span)) }
    var offset = end + begin.count
    while true {
      let bytes = try file.read(at: offset, count: LedgerIndex.chunk)
      if let place = bytes.span.first(10, from: 0) {
        end = offset + place + 1
        lines += 1
        damaged.append(lines)
        return true
      }
      offset += bytes.count
      guard !bytes.isEmpty else {
        torn = offset - end
        return false
      }
    }
  }

  /// What stands after the last line end: a line whose end is missing, or a part of one.
  private mutating func finish(_ rest: [UInt8], of file: borrowing LedgerFile) throws(TrialLedgerError) {
    guard !rest.isEmpty else { return }
    if LedgerText.read(rest.span) != nil {
      try take(rest.span, of: file)
      (end, lacksLineEnd) = (end - 1, true)
    } else if lines == 0, !LedgerText.header.utf8.starts(with: rest) {
      throw .notALedger(path: file.path, found: LedgerIndex.shown(rest.span))
    } else {
      torn = rest.count
    }
  }

  private mutating func take(_ bytes: Span<UInt8>, of file: borrowing LedgerFile) throws(TrialLedgerError) {
    let place = end..<end + bytes.count
    end = place.upperBound + 1
    lines += 1
    let line = LedgerText.read(bytes)
    if lines == 1 {
      guard case .header(let version)? = line else {
        throw .notALedger(path: file.path, found: LedgerIndex.shown(bytes))
      }
      guard version <= LedgerText.version else { throw .newerFormat(path: file.path, version: version) }
    }
    switch line {
    case .trial(let row): add(row, place)
    case .text(let hash): texts[hash] = place
    case .removal: removals.append(place)
    case .header, .other: break
    case nil: if damaged.count < 100 { damaged.append(lines) }
    }
  }

  /// A later line stands for those before it that are the same trial: its dates reach over theirs.
  private mutating func add(_ row: LedgerRow, _ line: Range<Int>) {
    let place = dataPlaces[row.key.data] ?? Int32(data.count)
    if place == data.count {
      data.append(row.key.data)
      dataPlaces[row.key.data] = place
    }
    let key = Key(hash: row.key.hash, data: place)
    for place in live(key) where entries[place].tried.overlaps(row.tried) {
      entries[place].isLive = false
      superseded += 1
    }
    entries.append(
      LedgerEntry(
        hash: row.key.hash, tried: row.tried, sharpe: row.sharpe, start: line.lowerBound, length: Int32(line.count),
        next: heads[key] ?? -1, data: place))
    heads[key] = Int32(entries.count - 1)
  }

  private static func shown(_ bytes: Span<UInt8>) -> String {
    var head: [UInt8] = []
    for index in 0..<min(40, bytes.count) { head.append(bytes[index] < 32 ? 32 : bytes[index]) }
    return String(decoding: head, as: UTF8.self)
  }
}
