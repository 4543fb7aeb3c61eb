import Trading

/// Sessions of intraday bars that begin and end by the same hours earlier or later than those around them.
struct ShiftedSessions {
  let rows: PriceRows

  private struct Session {
    var bars: ClosedRange<Int>
    /// When the first bar opens after midnight UTC of its day, and how long after it the last one opens.
    var start: Int64
    var length: Int64
  }

  func findings() -> [QualityFinding] {
    let sessions = self.sessions()
    guard sessions.count >= 5 else { return [] }
    let offs = sessions.indices.map { shift(of: $0, among: sessions) }
    var findings: [QualityFinding] = []
    var index = 0
    while index < sessions.count {
      guard let shift = offs[index] else {
        index += 1
        continue
      }
      var end = index
      while end + 1 < sessions.count, offs[end + 1] == shift { end += 1 }
      let bars = sessions[index].bars.lowerBound...sessions[end].bars.upperBound
      let usual = TimezoneShifts.clock(sessions[index].start - shift)
      findings.append(TimezoneShifts.finding(rows, bars, shift, "the sessions around begin at \(usual) UTC"))
      index = end + 1
    }
    return findings
  }

  /// Bars parted by more than four hours without one.
  private func sessions() -> [Session] {
    var sessions: [Session] = []
    var start = 0
    for bar in 1..<rows.count + 1 {
      let parts =
        bar == rows.count
        || rows.times[bar].milliseconds - rows.times[bar - 1].milliseconds
          > max(4 * TimezoneShifts.hour, 2 * rows.timeframe.milliseconds)
      guard parts else { continue }
      let first = rows.times[start]
      sessions.append(
        Session(
          bars: start...bar - 1, start: first.milliseconds - Int64(first.day) * TimezoneShifts.day,
          length: rows.times[bar - 1].milliseconds - first.milliseconds))
      start = bar
    }
    return sessions
  }

  /// How far a session is off those around it; nil where it is not, or where they do not agree.
  private func shift(of index: Int, among sessions: [Session]) -> Int64? {
    let around = sessions[max(0, index - 20)..<min(sessions.count, index + 21)]
    let starts = around.reduce(into: [Int64: Int]()) { $0[$1.start, default: 0] += 1 }
    let lengths = around.reduce(into: [Int64: Int]()) { $0[$1.length, default: 0] += 1 }
    guard let start = starts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }), start.value * 2 > around.count,
      let length = lengths.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key
    else { return nil }
    let session = sessions[index]
    var shift = session.start - start.key
    if shift > TimezoneShifts.day / 2 { shift -= TimezoneShifts.day }
    if shift < -TimezoneShifts.day / 2 { shift += TimezoneShifts.day }
    guard shift != 0, shift % (TimezoneShifts.hour / 2) == 0, session.length == length else { return nil }
    let month = rows.times[session.bars.lowerBound].date.month
    if abs(shift) == TimezoneShifts.hour, [3, 4, 9, 10, 11].contains(month) { return nil }
    return shift
  }
}
