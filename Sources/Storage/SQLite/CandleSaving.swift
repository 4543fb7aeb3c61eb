import GRDB
import Trading

/// One save: which chunks it touches, and what they become.
///
/// A chunk owns the time from its first bar to the first of the next. Bars that arrive are put into the chunk that owns
/// them; those after the last bar there is are appended: to a new chunk, which swallows shorter ones before it, so that
/// a bar at a time costs each bar only a few copies in all and no append rewrites more than one chunk.
struct CandleSaving {
  /// A chunk that is in the database, has been read, or is new.
  private struct Piece {
    /// The row that it stands in; nil where it has none.
    var span: CandleTables.Span?
    /// Its bars, where they have been read or are new.
    var chunk: Chunk?
    var differs = false

    var count: Int { chunk?.count ?? span?.count ?? 0 }
  }

  /// Chunks below this length are always joined with what follows: they take no more room than a page.
  private static let short = 128

  let tables: CandleTables
  let series: Int64
  private(set) var counts = SavedCandles()
  private(set) var replaced = Chunk()

  init(tables: CandleTables, series: Int64) {
    self.tables = tables
    self.series = series
  }

  mutating func save(_ arriving: Chunk) throws {
    guard let first = arriving.times.first else { return }
    var pieces = try tables.spans(series, around: first).map { Piece(span: $0) }
    var gone: [CandleTables.Span] = []
    guard let start = pieces.first?.span else {
      counts.new += arriving.count
      for part in arriving.fullParts { try tables.insert(series, part) }
      return
    }

    // Bars before everything go to the first chunk where they fit, else to chunks of their own.
    let head = arriving.index(from: start.first)
    var done = 0
    var written: [Chunk] = []
    if head > 0, head + start.count > Chunk.capacity {
      counts.new += head
      written += arriving[0..<head].fullParts
      done = head
    }
    for index in pieces.indices {
      let isLast = index == pieces.count - 1
      let end = isLast ? arriving.count : arriving.index(from: pieces[index + 1].span?.first ?? start.first)
      // What lies after the last bar of all is appended below.
      let inside =
        isLast ? min(end, arriving.index(from: (pieces[index].span?.last ?? start.last).advanced(by: 1))) : end
      guard inside > done else { continue }
      try merge(arriving[done..<inside], into: &pieces[index])
      done = inside
    }
    if done < arriving.count {
      var pending = arriving[done..<arriving.count]
      counts.new += pending.count
      while let last = pieces.last, last.count < Chunk.capacity,
        last.count < CandleSaving.short || last.count <= pending.count
      {
        var joined = try chunk(of: last)
        joined.append(pending)
        pending = joined
        if let span = last.span { gone.append(span) }
        pieces.removeLast()
      }
      written += pending.fullParts
    }
    for piece in pieces where piece.differs {
      if let span = piece.span { gone.append(span) }
      if let chunk = piece.chunk { written += chunk.parts }
    }
    for span in gone { try tables.remove(series, span) }
    for chunk in written { try tables.insert(series, chunk) }
  }

  private mutating func merge(_ arriving: Chunk, into piece: inout Piece) throws {
    let (chunk, differs) = try chunk(of: piece).merged(with: arriving, replaced: &replaced, counts: &counts)
    piece.chunk = chunk
    piece.differs = piece.differs || differs
  }

  private func chunk(of piece: Piece) throws -> Chunk {
    if let chunk = piece.chunk { return chunk }
    guard let span = piece.span else { return Chunk() }
    return try tables.chunk(series, span)
  }
}
