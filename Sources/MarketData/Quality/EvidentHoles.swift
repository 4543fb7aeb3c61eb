import Trading

/// Holes that the spacing of the bars shows without a calendar.
struct EvidentHoles {
  let rows: PriceRows

  private var length: Int64 { rows.timeframe.milliseconds }
  private static let day = Timeframe.day.milliseconds

  func holes() -> [QualityFinding] {
    guard rows.count > 2, let first = rows.times.first, let last = rows.times.last else { return [] }
    let slots = (last.milliseconds - first.milliseconds) / length + 1
    if rows.timeframe.unit == .month { return longer(than: length + length / 2) }
    if rows.timeframe.unit == .week { return longer(than: length + length / 2) }
    if Int64(rows.count) * 10 > slots * 9 { return aroundTheClock() }
    if length >= EvidentHoles.day { return longer(than: max(14 * EvidentHoles.day, 3 * length)) }
    return withinDays()
  }

  /// Where nine of ten slots have a bar, weekends among them, each other one is a hole.
  private func aroundTheClock() -> [QualityFinding] { longer(than: length) }

  private func longer(than limit: Int64) -> [QualityFinding] {
    (1..<rows.count).compactMap { bar in
      let (before, after) = (rows.times[bar - 1], rows.times[bar])
      let distance = after.milliseconds - before.milliseconds
      guard distance > limit else { return nil }
      return hole(before, after, Int(max(1, (distance + length / 2) / length - 1)))
    }
  }

  /// Missing slots between two bars of one day whose time of day the other days have.
  private func withinDays() -> [QualityFinding] {
    var filled: [Int64: Int] = [:]
    var days: Set<Int> = []
    var regular = 0
    for bar in 0..<rows.count {
      filled[rows.times[bar].milliseconds - Int64(rows.times[bar].day) * EvidentHoles.day, default: 0] += 1
      days.insert(rows.times[bar].day)
      if bar > 0, rows.times[bar].milliseconds - rows.times[bar - 1].milliseconds == length { regular += 1 }
    }
    // Thinly traded instruments have holes of their own.
    guard days.count >= 5, regular * 10 >= (rows.count - days.count) * 8 else { return [] }
    var findings: [QualityFinding] = []
    for bar in 1..<rows.count {
      let (before, after) = (rows.times[bar - 1], rows.times[bar])
      guard after.milliseconds - before.milliseconds > length, after.day == before.day else { continue }
      var missing = 0
      var slot = before.milliseconds + length
      while slot < after.milliseconds {
        let timeOfDay = slot - Int64(before.day) * EvidentHoles.day
        if filled[timeOfDay, default: 0] * 20 >= days.count * 9 { missing += 1 }
        slot += length
      }
      if missing > 0 { findings.append(hole(before, after, missing)) }
    }
    return findings
  }

  private func hole(_ before: Instant, _ after: Instant, _ count: Int) -> QualityFinding {
    let first = before.advanced(by: length)
    let last = Instant(milliseconds: max(first.milliseconds, after.milliseconds - length))
    return Gaps.finding(rows, first...last, count, before, after, " by the spacing of the others")
  }
}
