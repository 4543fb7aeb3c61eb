import SeriesMath

/// Figures of a sweep as bytes, record by record, each with its checksum: what was written last may be torn, and is
/// then left out.
///
/// A record is the number of its bytes (4, little-endian), the bytes, and the first 8 bytes of their SHA-256. The first
/// record is a text that says which sweep it belongs to. The others hold rows.
public enum SweepRecords {
  /// A sound file's records.
  public struct Read: Sendable {
    /// What the first record says; nil where not even that is whole.
    public var binding: String?
    public var figures: [SweepKey: SweepFigures] = [:]
    /// The bytes that are sound: what follows is torn.
    public var sound = 0
  }

  /// A record that says which sweep the file belongs to.
  public static func record(binding: String) -> [UInt8] { framed(Array(binding.utf8)) }

  /// A record of rows.
  public static func record(_ rows: [(key: SweepKey, figures: SweepFigures)]) -> [UInt8] {
    var bytes: [UInt8] = []
    put(UInt64(rows.count), to: &bytes)
    for (key, figures) in rows {
      for number in [key.stage, key.market, key.combination] { put(UInt64(number), to: &bytes) }
      for column in MetricColumn.all { put(column.read(figures.metrics) ?? .nan, to: &bytes) }
      put(UInt64(figures.moments?.count ?? 0), to: &bytes)
      if let moments = figures.moments {
        for value in [moments.mean, moments.deviation, moments.skewness, moments.kurtosis] { put(value, to: &bytes) }
      }
      put(UInt64(figures.blocks.count), to: &bytes)
      for block in figures.blocks { for value in [block.count, block.sum, block.squares] { put(value, to: &bytes) } }
    }
    return framed(bytes)
  }

  /// Reads records up to the first that is not sound.
  public static func read(_ bytes: [UInt8]) -> Read {
    var result = Read()
    var at = 0
    while at + 4 <= bytes.count {
      let size = (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
      let end = at + 4 + size
      guard end + 8 <= bytes.count else { break }
      let body = Array(bytes[at + 4..<end])
      guard checksum(body) == Array(bytes[end..<end + 8]) else { break }
      if result.binding == nil {
        guard let text = String(validating: body, as: UTF8.self) else { break }
        result.binding = text
      } else {
        guard take(body, into: &result.figures) else { break }
      }
      at = end + 8
      result.sound = at
    }
    return result
  }

  private static func take(_ bytes: [UInt8], into figures: inout [SweepKey: SweepFigures]) -> Bool {
    var reader = WordReader(bytes: bytes)
    guard let rows = reader.count() else { return false }
    for _ in 0..<rows {
      guard let stage = reader.count(), let market = reader.count(), let combination = reader.count() else {
        return false
      }
      var metrics = Metrics(finalEquity: .nan, totalReturn: .nan, maxDrawdown: .nan, maxDrawdownBars: 0, trades: 0)
      for column in MetricColumn.all {
        guard let value = reader.number() else { return false }
        column.write(&metrics, finite(value))
      }
      guard let count = reader.count() else { return false }
      var moments: ReturnMoments?
      if count > 0 {
        guard let mean = reader.number(), let deviation = reader.number(), let skewness = reader.number(),
          let kurtosis = reader.number()
        else { return false }
        moments = ReturnMoments(
          count: count, mean: mean, deviation: deviation, skewness: skewness, kurtosis: kurtosis)
      }
      guard let blockCount = reader.count(), blockCount <= CalendarBlocks.limit else { return false }
      var blocks: [BlockSums] = []
      for _ in 0..<blockCount {
        guard let count = reader.number(), let sum = reader.number(), let squares = reader.number() else {
          return false
        }
        blocks.append(BlockSums(count: count, sum: sum, squares: squares))
      }
      figures[SweepKey(stage: stage, market: market, combination: combination)] = SweepFigures(
        metrics: metrics, moments: moments, blocks: blocks)
    }
    return reader.isAtEnd
  }

  private static func framed(_ body: [UInt8]) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (8 * $0)) } + body + checksum(body)
  }

  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return Array(hash.value().prefix(8))
  }

  private static func put(_ value: Double, to bytes: inout [UInt8]) { put(value.bitPattern, to: &bytes) }

  private static func put(_ value: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }
}

/// Takes words of 8 bytes, least byte first.
private struct WordReader {
  let bytes: [UInt8]
  private var at = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { at == bytes.count }

  mutating func word() -> UInt64? {
    guard at + 8 <= bytes.count else { return nil }
    var value: UInt64 = 0
    for index in 0..<8 { value |= UInt64(bytes[at + index]) << UInt64(8 * index) }
    at += 8
    return value
  }

  mutating func number() -> Double? { word().map { Double(bitPattern: $0) } }
  mutating func count() -> Int? { word().flatMap { Int(exactly: $0) } }
}
