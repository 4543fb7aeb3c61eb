public import Trading

/// A file of every configuration that was ever tried, one row for each configuration and data set. Whoever picks the
/// best of many must say how many there were; the ledger is where that number is kept.
///
/// The file is JSON lines, only ever appended to; a row that changes is written again and the later one holds. It is
/// locked while it is written, so that several processes can use one. See `docs/ledger.md`.
public struct TrialLedger: Sendable {
  public let path: String
  var index = LedgerIndex()

  public init(path: String) { self.path = path }

  /// What a recording did.
  public struct Recording: Hashable, Sendable {
    /// Rows that are new.
    public var added = 0
    /// Rows that got other figures or other dates.
    public var changed = 0
    /// Rows that were there already.
    public var unchanged = 0
  }

  /// What the user should know of the file as last read: a line that was never finished, lines that cannot be read.
  public var notices: [String] {
    var notices: [String] = []
    if index.torn > 0 {
      notices.append("\(path): its last line was never finished (a run was cut off) and is left out")
    }
    if let first = index.damaged.first {
      let lines = index.damaged.count == 1 ? "1 line" : "\(index.damaged.count) lines"
      notices.append("\(path):\(first): \(lines) cannot be read and count for nothing")
    }
    return notices
  }

  /// How many rows there are, as last read.
  public var count: Int { index.count }

  /// Records trials in one write that is on the disk when this returns. What is there already stays as it is: the same
  /// configuration on the same instrument and timeframe over overlapping dates is one row, which takes the figures of
  /// the longest span; only dates that do not overlap make another. Where nothing is new the file is not touched.
  @discardableResult
  public mutating func record(_ trials: [Trial]) throws(TrialLedgerError) -> Recording {
    let recording = try append(trials)
    // One more bar a day writes every row again; the file stays within twice what it must hold.
    if recording.changed > 0, index.superseded > max(1_000, index.count) { try compact() }
    return recording
  }

  private mutating func append(_ trials: [Trial]) throws(TrialLedgerError) -> Recording {
    var recording = Recording()
    guard !trials.isEmpty else { return recording }
    var file = try LedgerFile.writing(path)
    try index.update(from: file)
    var bytes: [UInt8] = []
    if index.lines == 0 { bytes += Array((LedgerText.header + "\n").utf8) }
    if index.lacksLineEnd { bytes.append(10) }
    let empty = bytes.count
    var texts = TextBook(known: index.texts)
    for trial in Trial.merged(trials) {
      let old = index.live(trial.key).filter { index.entries[$0].tried.overlaps(trial.tried) }
      guard !old.isEmpty else {
        let (options, source) = (
          texts.hash(of: trial.configuration.options), texts.hash(of: trial.configuration.source)
        )
        bytes += texts.newLines
        texts.newLines = []
        bytes += LedgerText.line(of: trial, options: options, source: source)
        recording.added += 1
        continue
      }
      var merged: Trial?
      var (options, source): (ConfigurationHash?, ConfigurationHash?) = (nil, nil)
      var before: [UInt8] = []
      for place in old.reversed() {
        before = try read(place, file)
        guard let row = LedgerText.trial(before) else { continue }
        (options, source) = (options ?? row.options, source ?? row.source)
        merged = merged?.merging(row.trial) ?? row.trial
      }
      let row = merged?.merging(trial) ?? trial
      let optionsHash = options ?? texts.hash(of: trial.configuration.options)
      let line = LedgerText.line(
        of: row, options: optionsHash, source: source ?? texts.hash(of: trial.configuration.source))
      if old.count == 1, line.dropLast() == before[...] {
        recording.unchanged += 1
        continue
      }
      bytes += texts.newLines
      texts.newLines = []
      bytes += line
      recording.changed += 1
    }
    guard bytes.count > empty else { return recording }
    try file.append(bytes, from: index.end)
    try index.update(from: file)
    return recording
  }

  /// Rows of an instrument and timeframe, by configuration; with dates, those that were tried on some of them.
  public mutating func trials(
    of data: TrialData? = nil, overlapping dates: ClosedRange<Instant>? = nil
  ) throws(TrialLedgerError) -> [Trial] {
    var trials: [Trial] = []
    try each(of: data, overlapping: dates) { trials.append($0) }
    return trials
  }

  /// The same rows one after another, none of which is kept.
  public mutating func each(
    of data: TrialData? = nil, overlapping dates: ClosedRange<Instant>? = nil, _ body: (Trial) -> Void
  ) throws(TrialLedgerError) {
    guard let file = try LedgerFile.reading(path) else { return }
    try index.update(from: file)
    var texts: [ConfigurationHash: String] = [:]
    for place in places(of: data, overlapping: dates) {
      guard var row = LedgerText.trial(try read(place, file)) else { continue }
      for hash in [row.options, row.source].compactMap({ $0 }) where texts[hash] == nil {
        guard let place = index.texts[hash] else { continue }
        texts[hash] = LedgerText.text(try file.read(at: place.lowerBound, count: place.count))
      }
      row.trial.configuration.options = row.options.flatMap { texts[$0] } ?? ""
      row.trial.configuration.source = row.source.flatMap { texts[$0] }
      body(row.trial)
    }
  }

  func read(_ place: Int, _ file: borrowing LedgerFile) throws(TrialLedgerError) -> [UInt8] {
    let line = index.entries[place].line
    return try file.read(at: line.lowerBound, count: line.count)
  }

  /// Places of entries in an order that does not depend on who recorded first: by symbol, timeframe, hash and dates.
  func places(of data: TrialData?, overlapping dates: ClosedRange<Instant>?) -> [Int] {
    let order = index.data.indices.sorted {
      let (left, right) = (index.data[$0], index.data[$1])
      return (left.symbol, left.timeframe.milliseconds, left.timeframe.count)
        < (right.symbol, right.timeframe.milliseconds, right.timeframe.count)
    }
    var ranks = Array(repeating: 0, count: order.count)
    for (rank, place) in order.enumerated() { ranks[place] = rank }
    return index.live(of: data, overlapping: dates).sorted {
      let (left, right) = (index.entries[$0], index.entries[$1])
      return (ranks[Int(left.data)], left.hash, left.tried.lowerBound)
        < (ranks[Int(right.data)], right.hash, right.tried.lowerBound)
    }
  }
}

/// Texts that stand once in a ledger.
private struct TextBook {
  /// Lines of those that were not there yet.
  var newLines: [UInt8] = []
  private var known: Set<ConfigurationHash>
  private var last: (text: String, hash: ConfigurationHash)?

  init(known: [ConfigurationHash: Range<Int>]) { self.known = Set(known.keys) }

  mutating func hash(of text: String?) -> ConfigurationHash? { text.map { hash(of: $0) } }

  mutating func hash(of text: String) -> ConfigurationHash {
    // The combinations of a sweep come from one file.
    if let last, last.text == text { return last.hash }
    let hash = ConfigurationHash(of: Array(text.utf8))
    last = (text, hash)
    if known.insert(hash).inserted { newLines += LedgerText.line(of: text, hash: hash) }
    return hash
  }
}

extension Trial {
  /// The same trial twice is one: of the longer span (the later one, where they are equally long), under the name by
  /// which it was first known, tried on the dates of both. Figures that differ by rounding alone, as those of a sweep
  /// and of a backtest may, are the same: else the two would write the row in turns.
  func merging(_ later: Trial) -> Trial {
    let isLonger = (later.bars, later.last) >= (bars, last) && !agrees(with: later)
    var merged = isLonger ? later : self
    merged.strategy = strategy
    merged.params = params
    merged.configuration = configuration
    merged.tried =
      min(tried.lowerBound, later.tried.lowerBound)...max(tried.upperBound, later.tried.upperBound)
    return merged
  }

  private func agrees(with other: Trial) -> Bool {
    guard (first, last, bars) == (other.first, other.last, other.bars), (blocks == nil) == (other.blocks == nil) else {
      return false
    }
    guard let own = moments, let theirs = other.moments else { return moments == nil && other.moments == nil }
    func near(_ left: Double, _ right: Double, _ scale: Double) -> Bool { abs(left - right) <= 1e-9 * scale }
    return own.count == theirs.count && near(own.mean, theirs.mean, own.deviation)
      && near(own.deviation, theirs.deviation, own.deviation)
      && near(own.skewness, theirs.skewness, 1 + abs(own.skewness))
      && near(own.kurtosis, theirs.kurtosis, own.kurtosis)
  }

  /// Trials of one recording in an order of their own, each once.
  static func merged(_ trials: [Trial]) -> [Trial] {
    let sorted = trials.sorted { left, right in
      let (one, other) = (left.key, right.key)
      if one.data.symbol != other.data.symbol { return one.data.symbol < other.data.symbol }
      if one.data.timeframe != other.data.timeframe {
        return one.data.timeframe.milliseconds < other.data.timeframe.milliseconds
      }
      if one.hash != other.hash { return one.hash < other.hash }
      return (left.tried.lowerBound, left.strategy) < (right.tried.lowerBound, right.strategy)
    }
    var merged: [Trial] = []
    for trial in sorted {
      if let last = merged.last, last.key == trial.key, last.tried.overlaps(trial.tried) {
        merged[merged.count - 1] = last.merging(trial)
      } else {
        merged.append(trial)
      }
    }
    return merged
  }
}
