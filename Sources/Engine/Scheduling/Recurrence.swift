import Calendars
public import Trading

/// When something comes again. Its moments are called slots, and depend on nothing but the recurrence.
public enum Recurrence: Sendable {
  case every(FixedInterval)
  case cron(CronSchedule)
  case session(SessionMoment)

  /// The first slot after a moment; nil where none comes.
  public func next(after moment: Instant) -> Instant? {
    switch self {
    case .every(let interval): interval.next(after: moment)
    case .cron(let schedule): schedule.next(after: moment)
    case .session(let session): session.next(after: moment)
    }
  }

  /// The slots after `moment` and not after `end`, in order; of more than `limit` the first.
  public func slots(after moment: Instant, through end: Instant, limit: Int) -> [Instant] {
    var slots: [Instant] = []
    var last = moment
    while slots.count < limit, let next = next(after: last), next <= end {
      slots.append(next)
      last = next
    }
    return slots
  }

  /// The same; of more than `limit` the last.
  public func latest(after moment: Instant, through end: Instant, limit: Int) -> [Instant] {
    guard limit > 0, moment < end else { return [] }
    // Looks back from the end, twice as far each time, so that a long pause costs no more than a short one.
    var span: Int64 = 60_000
    while true {
      let start = max(moment, end.advanced(by: -span))
      let slots = slots(after: start, through: end, limit: .max)
      if slots.count >= limit || start == moment { return Array(slots.suffix(limit)) }
      span *= slots.isEmpty ? 8 : 2
    }
  }
}

extension Recurrence: CustomStringConvertible {
  /// As it stands in a configuration: `every 90m`, `0 8 * * * Asia/Seoul`, `session_close + 15m XNYS`.
  public var description: String {
    switch self {
    case .every(let interval): "every \(interval.length.asLength)"
    case .cron(let schedule): "\(schedule.expression) \(schedule.zone.name)"
    case .session(let session):
      switch session.offset {
      case 0: "\(session.edge.rawValue) \(session.calendar.name)"
      case 1...: "\(session.edge.rawValue) + \(session.offset.asLength) \(session.calendar.name)"
      default: "\(session.edge.rawValue) - \((-session.offset).asLength) \(session.calendar.name)"
      }
    }
  }
}
