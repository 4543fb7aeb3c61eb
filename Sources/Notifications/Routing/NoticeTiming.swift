internal import PluginKit
internal import Storage
internal import Trading

extension Notices {
  struct Timing {
    var isLate = false
    var batch: String?
    var due: Instant?
  }

  /// When a signal is told, and with which others. Quiet hours come last: they only put off.
  func timing(_ record: SignalRecord, _ context: NoticeContext) -> Timing {
    var timing = Timing()
    let now = context.now
    let priority = context.strategy.priority
    timing.isLate =
      now.milliseconds - context.knownAt.milliseconds > (rules.maxAge ?? record.timeframe.milliseconds)
    // An exit replies to its entry, and a digest cannot.
    let answers = context.entry != nil && record.signal.direction.sign == 0
    if timing.isLate || (priority == .medium && !answers) {
      let end = NoticeRules.end(of: rules.digestEvery, at: now)
      (timing.batch, timing.due) = ("digest:\(end)", end)
    } else if !rules.groupBy.isEmpty, !answers {
      let end = NoticeRules.end(of: rules.groupWait, at: now)
      let words = NoticeRules.Grouping.allCases.filter(rules.groupBy.contains).map { grouping in
        switch grouping {
        case .strategy: record.strategy
        case .category: context.profile?.category ?? ""
        case .direction: record.signal.direction.rawValue
        case .correlation: context.group ?? "\(record.symbol) \(record.signal.direction.rawValue)"
        }
      }
      (timing.batch, timing.due) = (((["group"] + words + ["\(end)"]).joined(separator: ":")), end)
    }
    if let quiet = rules.quietHours, !quiet.passing.contains(priority),
      let end = quiet.end(at: max(now, timing.due ?? now))
    {
      (timing.batch, timing.due) = ("quiet:\(end)", end)
    }
    return timing
  }

  /// Why a signal is held back from a channel: its cooldown, or the most that is said of a symbol in an hour. An exit
  /// ends what was told and is never held back.
  func pause(
    _ record: SignalRecord, _ context: NoticeContext, _ target: Target, _ history: [ToldNotice]
  ) -> String? {
    guard record.signal.direction.sign != 0 else { return nil }
    let told = history.filter { $0.isOfSignal }
    let now = context.now.milliseconds
    let last = told.last {
      $0.strategy == record.strategy && $0.direction == record.signal.direction
        // An alert that is urgent does not wait because of one that was not.
        && (record.signal.base == nil || context.strategy.priority != .high
          || $0.priority == ChannelMessage.Priority.high.rawValue)
    }
    // By the bars where they are known: those that come together after a pause lie apart.
    let (since, moment) =
      last?.knownAt.map { ($0, context.knownAt) } ?? (last?.createdAt ?? context.now, context.now)
    if last != nil, moment.milliseconds - since.milliseconds < target.cooldown {
      let until = since.advanced(by: target.cooldown)
      return "cooldown of \(record.strategy) until \(until)"
    }
    let recent = told.count { now - $0.createdAt.milliseconds < 3_600_000 }
    return recent >= rules.hourlyCap ? "cap: \(recent) messages about \(record.symbol) within the hour" : nil
  }
}
