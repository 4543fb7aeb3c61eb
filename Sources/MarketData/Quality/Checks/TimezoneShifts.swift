import Trading

/// Bars that are stamped hours, or a day, off the others.
///
/// Seen without a calendar: whole hours that the rows of a file take back; daily bars at another time of day, or on
/// weekends beside weekdays that lack theirs; sessions that begin and end by the same hours off those around. A shift
/// of one hour in March, April and September to November may be summer time, and is not reported.
enum TimezoneShifts: QualityCheck {
  static let kind = QualityKind.timezoneShift
  static let hour: Int64 = 3_600_000
  static let day: Int64 = 24 * hour

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let rows = scan.rows
    guard rows.count > 4 else { return [] }
    if scan.isDaily {
      guard rows.timeframe == .day else { return [] }
      let byTime = timesOfDay(rows)
      return byTime.isEmpty ? weekends(rows) : byTime
    }
    return ShiftedSessions(rows: rows).findings()
  }

  /// Daily bars at another time of day than most.
  private static func timesOfDay(_ rows: PriceRows) -> [QualityFinding] {
    let offsets = rows.times.map { $0.milliseconds - Int64($0.day) * day }
    let counts = offsets.reduce(into: [Int64: Int]()) { $0[$1, default: 0] += 1 }
    guard counts.count > 1, let usual = counts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) })?.key else {
      return []
    }
    let isOff = offsets.map { offset in
      // Midnight of a place with summer time is an hour earlier in UTC for half of the year.
      offset != usual && !(abs(offset - usual) == hour && counts[offset, default: 0] * 5 >= rows.count)
    }
    return runs(isOff, bridging: 0).map { run in
      var shift = offsets[run.lowerBound] - usual
      if shift > day / 2 { shift -= day }
      if shift < -day / 2 { shift += day }
      return finding(rows, run, shift, "most bars are stamped \(clock(usual)) UTC")
    }
  }

  /// Bars on weekends in a file of weekdays. A session on a Saturday or Sunday beside a whole week is one by itself.
  private static func weekends(_ rows: PriceRows) -> [QualityFinding] {
    let isWeekend = rows.times.map { $0.weekday > 5 }
    let count = isWeekend.count { $0 }
    guard count > 0, count * 10 < rows.count else { return [] }
    let days = Set(rows.times.map(\.day))
    let isOff = rows.times.indices.map { bar in
      guard isWeekend[bar] else { return false }
      // Saturday ends a week that began with what is Monday's, Sunday begins one.
      let time = rows.times[bar]
      let week = time.weekday == 6 ? time.day - 5..<time.day : time.day + 1..<time.day + 6
      return !week.allSatisfy(days.contains)
    }
    return runs(isOff, bridging: 5).map { run in
      let isLate = rows.times[run.lowerBound].weekday == 6
      return finding(rows, week(of: run, isLate, rows), isLate ? day : -day, "the other bars are of weekdays")
    }
  }

  /// The run with the rest of its week: Tuesday to Saturday, or Sunday to Thursday.
  private static func week(of run: ClosedRange<Int>, _ isLate: Bool, _ rows: PriceRows) -> ClosedRange<Int> {
    var (first, last) = (run.lowerBound, run.upperBound)
    if isLate {
      while first > 0, rows.times[first - 1].day == rows.times[first].day - 1, rows.times[first - 1].weekday > 1 {
        first -= 1
      }
    } else {
      while last + 1 < rows.count, rows.times[last + 1].day == rows.times[last].day + 1,
        rows.times[last + 1].weekday < 5
      {
        last += 1
      }
    }
    return first...last
  }

  /// Runs of marked bars; up to so many unmarked ones between two are among them.
  private static func runs(_ isOff: [Bool], bridging gap: Int) -> [ClosedRange<Int>] {
    var runs: [ClosedRange<Int>] = []
    for bar in isOff.indices where isOff[bar] {
      if let last = runs.last, bar - last.upperBound <= gap + 1 {
        runs[runs.count - 1] = last.lowerBound...bar
      } else {
        runs.append(bar...bar)
      }
    }
    return runs
  }

  static func finding(
    _ rows: PriceRows, _ run: ClosedRange<Int>, _ shift: Int64, _ usual: String, line: Int? = nil
  ) -> QualityFinding {
    let hours = Double(abs(shift)) / Double(hour)
    let amount = hours == 24 ? "a day" : hours == 1 ? "an hour" : "\(Words.number(hours)) hours"
    let many = run.count == 1 ? "the bar is" : "\(run.count) bars to \(rows.text(run.upperBound)) are"
    return QualityFinding(
      kind, .warning, rows, run, "\(many) stamped \(amount) \(shift > 0 ? "late" : "early"): \(usual)",
      proposal: "move them by \(amount) \(shift > 0 ? "back" : "on")",
      edits: [.move(bars: run.lowerBound..<run.upperBound + 1, by: -shift)])
  }

  static func clock(_ offset: Int64) -> String {
    String(Instant(milliseconds: offset).description.dropFirst(11).prefix(5))
  }
}
