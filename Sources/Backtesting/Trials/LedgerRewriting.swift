public import Trading

extension TrialLedger {
  /// Drops lines that a later one took the place of, and a last line that was never finished. No trial is lost. Returns
  /// how many lines went.
  @discardableResult
  public mutating func compact() throws(TrialLedgerError) -> Int {
    let file = try LedgerFile.writing(path)
    try index.update(from: file)
    let dropped = index.superseded
    guard dropped > 0 || index.torn > 0 else { return 0 }
    try rewrite(file, without: [], adding: [])
    return dropped
  }

  /// Takes trials out, and leaves a line in the file that says how many, which, why and when. Fewer trials flatter every
  /// figure that is corrected by their number, so this is for what should never have been in: a faulty price file, say.
  /// Returns how many there were; where there are none the file is not touched.
  public mutating func remove(
    _ chosen: (Trial) -> Bool, what: String, reason: String, at time: Instant
  ) throws(TrialLedgerError) -> Int {
    let file = try LedgerFile.writing(path)
    try index.update(from: file)
    var lines: [Range<Int>] = []
    for place in places(of: nil, overlapping: nil) {
      if let row = LedgerText.trial(try read(place, file)), chosen(row.trial) {
        lines.append(index.entries[place].line)
      }
    }
    guard !lines.isEmpty else { return 0 }
    let count = lines.count
    try rewrite(file, without: lines, adding: LedgerText.line(removing: count, what: what, reason: reason, at: time))
    return count
  }

  /// What was taken out, in the order in which it was.
  public mutating func removals() throws(TrialLedgerError) -> [TrialRemoval] {
    guard let file = try LedgerFile.reading(path) else { return [] }
    try index.update(from: file)
    var removals: [TrialRemoval] = []
    for line in index.removals {
      if let removal = LedgerText.removal(try file.read(at: line.lowerBound, count: line.count)) {
        removals.append(removal)
      }
    }
    return removals
  }

  /// Copies what stays, line for line as it stands.
  private mutating func rewrite(
    _ file: consuming LedgerFile, without lines: [Range<Int>], adding line: [UInt8]
  ) throws(TrialLedgerError) {
    let dropped = (index.entries.filter { !$0.isLive }.map(\.line) + lines).sorted { $0.lowerBound < $1.lowerBound }
    let (end, lacksLineEnd) = (index.end, index.lacksLineEnd)
    try file.replace { old, put throws(TrialLedgerError) in
      var start = 0
      for range in dropped {
        try TrialLedger.copy(start..<range.lowerBound, of: old, put)
        // With its line end.
        start = range.upperBound + 1
      }
      if start < end { try TrialLedger.copy(start..<end, of: old, put) }
      if lacksLineEnd, start <= end { try put([10]) }
      if !line.isEmpty { try put(line) }
    }
    index = LedgerIndex()
  }

  private static func copy(
    _ range: Range<Int>, of file: borrowing LedgerFile, _ put: ([UInt8]) throws(TrialLedgerError) -> Void
  ) throws(TrialLedgerError) {
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 20) {
      try put(try file.read(at: start, count: min(1 << 20, range.upperBound - start)))
    }
  }
}
