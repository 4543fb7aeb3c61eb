public import Backtesting
import Trading

/// When calls come, and what becomes of them, by the hour, weekday, month and season of their bars in UTC; each
/// against the bars of the same hour, weekday, month or season.
public struct SignalCalendar: Hashable, Sendable {
  public enum Part: String, Hashable, Sendable, CaseIterable { case hour, weekday, month, season }

  public struct Row: Hashable, Sendable {
    public var part: Part
    /// Hour 0 to 23, Monday 1 to Sunday 7, January 1 to December 12; spring (March to May) 1 to winter 4.
    public var value: Int
    /// Calls, settled or not.
    public var calls: Int
    public var outcome: HorizonOutcome
  }

  /// Rows with a call. Hours only of bars shorter than a day.
  public var rows: [Row]

  init(_ history: SignalHistory, _ candles: CandleSeries, _ forward: ForwardOutcomes) {
    var calls: [(bar: Int, sign: Double)] = []
    for (kind, bars) in zip(history.kinds, history.bars) { calls += bars.map { ($0, kind.direction.sign) } }
    calls.sort { ($0.bar, $0.sign) < ($1.bar, $1.sign) }
    rows = []
    for part in Part.allCases {
      if part == .hour, candles.timeframe.milliseconds >= Timeframe.day.milliseconds { continue }
      let values = candles.times.map { SignalCalendar.value(of: $0, part) }
      let bars = Dictionary(grouping: values.indices, by: { values[$0] })
      let grouped = Dictionary(grouping: calls, by: { values[$0.bar] })
      for (value, own) in grouped.sorted(by: { $0.key < $1.key }) {
        rows.append(
          Row(
            part: part, value: value, calls: own.count,
            outcome: forward.outcome(of: own, against: bars[value] ?? [])))
      }
    }
  }

  static func value(of time: Instant, _ part: Part) -> Int {
    switch part {
    case .hour: Int((time.milliseconds - Int64(time.day) * 86_400_000) / 3_600_000)
    case .weekday: time.weekday
    case .month: time.date.month
    case .season: (time.date.month + 9) % 12 / 3 + 1
    }
  }
}
