internal import Trading

/// Where a moment stands on a chart: by bars, not by the clock, so that nights and holidays take no room.
struct TimeScale: Sendable {
  struct Tick: Sendable {
    let x: Double
    let label: String
  }

  /// Ascending; not empty.
  let times: [Instant]

  init?(times: [Instant]) {
    guard !times.isEmpty else { return nil }
    self.times = times
  }

  func x(bar: Int) -> Double { x(position: Double(bar)) }

  /// Between two bars in proportion; before the first and after the last at the edge.
  func x(_ time: Instant) -> Double {
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    guard low < times.count else { return x(bar: times.count - 1) }
    guard low > 0, times[low] != time else { return x(bar: low) }
    let before = times[low - 1]
    let gap = Double(times[low].milliseconds - before.milliseconds)
    return x(position: Double(low - 1) + Double(time.milliseconds - before.milliseconds) / gap)
  }

  private func x(position: Double) -> Double {
    let span = Double(max(1, times.count - 1))
    return ChartFrame.left + position / span * (ChartFrame.right - ChartFrame.left)
  }

  /// Where a new hour, day, month or year begins: the finest of them that gives at most ten labels.
  var ticks: [Tick] {
    for step in Step.allCases {
      var ticks: [Tick] = []
      var previous: Int?
      for (bar, time) in times.enumerated() {
        let unit = step.unit(of: time)
        defer { previous = unit }
        guard unit != previous else { continue }
        ticks.append(Tick(x: x(bar: bar), label: step.label(of: time)))
        if ticks.count > 11 { break }
      }
      // The first bar rarely opens its month or year: its label would stand on the next one's toes.
      if ticks.count > 2, ticks[1].x - ticks[0].x < (ticks[2].x - ticks[1].x) * 0.6 { ticks.removeFirst() }
      if ticks.count <= 10 { return ticks }
    }
    return []
  }

  private enum Step: CaseIterable {
    case hour, sixHours, day, fiveDays, month, quarter, halfYear, year, twoYears, fiveYears, tenYears, halfCentury

    func unit(of time: Instant) -> Int {
      let hours = Int((Double(time.milliseconds) / 3_600_000).rounded(.down))
      let (year, month, _) = time.date
      return switch self {
      case .hour: hours
      case .sixHours: Int((Double(hours) / 6).rounded(.down))
      case .day: time.day
      case .fiveDays: Int((Double(time.day) / 5).rounded(.down))
      case .month: year * 12 + month - 1
      case .quarter: (year * 12 + month - 1) / 3
      case .halfYear: (year * 12 + month - 1) / 6
      case .year: year
      case .twoYears: year / 2
      case .fiveYears: year / 5
      case .tenYears: year / 10
      case .halfCentury: year / 50
      }
    }

    func label(of time: Instant) -> String {
      switch self {
      case .hour, .sixHours: String(time.description.dropFirst(11).prefix(5))
      case .day, .fiveDays: String(time.dateText.dropFirst(5))
      case .month, .quarter, .halfYear: String(time.dateText.prefix(7))
      case .year, .twoYears, .fiveYears, .tenYears, .halfCentury: String(time.dateText.prefix(4))
      }
    }
  }
}
