public import Trading

/// What a line says of a trial, as far as the index wants it.
struct LedgerRow: Sendable {
  var key: TrialKey
  var tried: ClosedRange<Instant>
  /// Per bar; NaN where it is not defined.
  var sharpe: Double
}

/// Trials that were taken out of a ledger.
public struct TrialRemoval: Hashable, Sendable {
  public var count: Int
  public var what, reason: String
  public var at: Instant
}

extension LedgerText {
  /// Nil where the line is damaged.
  static func read(_ bytes: Span<UInt8>) -> Line? {
    var line = JSONLine(bytes)
    guard let (key, value) = line.next() else { return nil }
    if line.matches(key, "trial") { return entry(ConfigurationHash(line.text(value) ?? ""), &line).map(Line.trial) }
    let kind: Line
    if line.matches(key, "text") {
      guard let hash = line.text(value).flatMap({ ConfigurationHash($0) }) else { return nil }
      kind = .text(hash)
    } else if line.matches(key, "finstage"), line.text(value) == "trial ledger" {
      guard let (key, value) = line.next(), line.matches(key, "version"), let version = line.integer(value) else {
        return nil
      }
      kind = .header(version: version)
    } else {
      kind = line.matches(key, "removed") ? .removal : .other
    }
    while line.next() != nil {}
    return line.isSound ? kind : nil
  }

  private static func entry(_ hash: ConfigurationHash?, _ line: inout JSONLine) -> LedgerRow? {
    var symbol: String?
    var timeframe: Timeframe?
    var (first, last): (Instant?, Instant?) = (nil, nil)
    var (triedFirst, triedLast): (Instant?, Instant?) = (nil, nil)
    var (mean, deviation): (Double?, Double?) = (nil, nil)
    while let (key, value) = line.next() {
      if line.matches(key, "symbol") {
        symbol = line.text(value)
      } else if line.matches(key, "timeframe") {
        timeframe = line.text(value).flatMap { Timeframe($0) }
      } else if line.matches(key, "first") {
        first = line.text(value).flatMap { Instant($0) }
      } else if line.matches(key, "last") {
        last = line.text(value).flatMap { Instant($0) }
      } else if line.matches(key, "tried_first") {
        triedFirst = line.text(value).flatMap { Instant($0) }
      } else if line.matches(key, "tried_last") {
        triedLast = line.text(value).flatMap { Instant($0) }
      } else if line.matches(key, "mean") {
        mean = line.number(value)
      } else if line.matches(key, "deviation") {
        deviation = line.number(value)
      }
    }
    guard line.isSound, let hash, let symbol, let timeframe, let first, let last, first <= last else { return nil }
    let (start, end) = (min(triedFirst ?? first, first), max(triedLast ?? last, last))
    let sharpe = mean.flatMap { mean in deviation.flatMap { $0 > 0 ? mean / $0 : nil } } ?? .nan
    return LedgerRow(
      key: TrialKey(hash: hash, data: TrialData(symbol: symbol, timeframe: timeframe)), tried: start...end,
      sharpe: sharpe)
  }

  /// A trial with its figures. Its texts are given by their hashes, as the line has them.
  static func trial(_ bytes: [UInt8]) -> (trial: Trial, options: ConfigurationHash?, source: ConfigurationHash?)? {
    let span = bytes.span
    guard case .trial(let entry)? = read(span) else { return nil }
    var line = JSONLine(span)
    var texts: [String: String] = [:]
    var numbers: [String: Double] = [:]
    var words: [String: [UInt32]] = [:]
    var params: [String: Double] = [:]
    while let (key, value) = line.next() {
      let name = String(decoding: line.bytes(key), as: UTF8.self)
      switch name {
      case "block_counts", "block_sums", "block_squares":
        words[name] = LedgerText.words(Array(line.bytes(value).dropFirst().dropLast()))
      case "params": params = self.params(line.bytes(value))
      default:
        if let text = line.text(value) { texts[name] = text } else { numbers[name] = line.number(value) }
      }
    }
    guard let first = texts["first"].flatMap({ Instant($0) }), let last = texts["last"].flatMap({ Instant($0) }),
      let bars = numbers["bars"]
    else { return nil }
    var trial = Trial(
      TrialConfiguration(hash: entry.key.hash, options: "", source: nil), strategy: texts["strategy"] ?? "",
      params: params, symbol: entry.key.data.symbol, timeframe: entry.key.data.timeframe, dates: first...last,
      bars: Int(exactly: bars) ?? 0, moments: moments(numbers), blocks: nil)
    trial.blocks = blocks(numbers, words)
    trial.tried = entry.tried
    return (
      trial, texts["options"].flatMap { ConfigurationHash($0) }, texts["source"].flatMap { ConfigurationHash($0) }
    )
  }

  private static func moments(_ numbers: [String: Double]) -> ReturnMoments? {
    guard let mean = numbers["mean"], let deviation = numbers["deviation"], let skewness = numbers["skewness"],
      let kurtosis = numbers["kurtosis"], let count = numbers["returns"].flatMap({ Int(exactly: $0) })
    else { return nil }
    return ReturnMoments(count: count, mean: mean, deviation: deviation, skewness: skewness, kurtosis: kurtosis)
  }

  private static func blocks(_ numbers: [String: Double], _ words: [String: [UInt32]]) -> TrialBlocks? {
    guard let length = numbers["block_ms"].flatMap({ Int64(exactly: $0) }), length > 0,
      let first = numbers["block_first"].flatMap({ Int(exactly: $0) }), first.magnitude < 1 << 50,
      let counts = words["block_counts"], let sums = words["block_sums"], let squares = words["block_squares"],
      counts.count == sums.count, counts.count == squares.count, counts.count <= CalendarBlocks.limit
    else { return nil }
    let blocks = counts.indices.map {
      BlockSums(
        count: Double(counts[$0]), sum: Double(Float(bitPattern: sums[$0])),
        squares: Double(Float(bitPattern: squares[$0])))
    }
    guard blocks.allSatisfy({ $0.sum.isFinite && $0.squares.isFinite }) else { return nil }
    return TrialBlocks(milliseconds: length, first: first, sums: blocks)
  }

  private static func params(_ bytes: [UInt8]) -> [String: Double] {
    var line = JSONLine(bytes.span)
    var params: [String: Double] = [:]
    while let (key, value) = line.next() {
      guard let name = line.text(key.lowerBound - 1..<key.upperBound + 1) else { continue }
      params[name] = line.number(value)
    }
    return params
  }

  static func text(_ bytes: [UInt8]) -> String? { texts(bytes)["is"] }

  static func removal(_ bytes: [UInt8]) -> TrialRemoval? {
    var count = 0
    var line = JSONLine(bytes.span)
    while let (key, value) = line.next() { if line.matches(key, "removed") { count = line.integer(value) ?? 0 } }
    let texts = texts(bytes)
    guard let at = texts["at"].flatMap({ Instant($0) }) else { return nil }
    return TrialRemoval(count: count, what: texts["what"] ?? "", reason: texts["reason"] ?? "", at: at)
  }

  private static func texts(_ bytes: [UInt8]) -> [String: String] {
    var line = JSONLine(bytes.span)
    var texts: [String: String] = [:]
    while let (key, value) = line.next() { texts[String(decoding: line.bytes(key), as: UTF8.self)] = line.text(value) }
    return texts
  }
}
