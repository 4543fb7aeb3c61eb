public import Backtesting
internal import Trading

/// The latest signals of all results, newest first, as text for a terminal.
public struct LatestSignals: Sendable {
  struct Entry: Sendable {
    let strategy, symbol: String
    let timeframe: Timeframe
    let signal: Signal

    /// A daily bar is a date; a shorter one needs its time.
    var time: String { Entry.text(of: signal.time, at: timeframe) }

    static func text(of time: Instant, at timeframe: Timeframe) -> String {
      if timeframe.milliseconds >= Timeframe.day.milliseconds { return time.dateText }
      return time.dateText + " " + String(time.description.dropFirst(11).prefix(5))
    }
  }

  let entries: [Entry]

  /// The `count` latest of all results; where times are equal, in the order of the results.
  public init(_ results: [BacktestResult], count: Int = 10) {
    self.init(summaries: results.map(\.summary), count: count)
  }

  /// The same of summaries that hold as many each.
  public init(summaries: [BacktestSummary], count: Int = 10) {
    let all = summaries.flatMap { result in
      result.signals.suffix(max(0, count)).map {
        Entry(strategy: result.strategy, symbol: result.symbol, timeframe: result.timeframe, signal: $0)
      }
    }
    let order = all.indices.sorted { left, right in
      let (first, second) = (all[left].signal.time, all[right].signal.time)
      return first == second ? left < right : first > second
    }
    entries = order.prefix(max(0, count)).map { all[$0] }
  }

  /// The list: a line of facts for each signal and its reason below, indented. `width` is in cells, 40 at least.
  public func text(width: Int = 80, colour: Bool = false) -> String {
    let width = max(40, width)
    var lines = [TerminalColour.bold.paint("Latest signals", when: colour), ""]
    guard !entries.isEmpty else { return "Latest signals: none.\n" }
    let write = Figures.terminal
    let cells = entries.map { entry in
      [
        entry.time, TerminalText.printable(entry.symbol), entry.signal.direction.words,
        write.price(entry.signal.price) ?? Figures.undefined,
        write.percent(entry.signal.confidence / 100, digits: 0, signed: false) ?? Figures.undefined,
        TerminalText.printable(entry.strategy),
      ]
    }
    let heads = ["time", "symbol", "signal", "price", "confidence", "strategy"]
    let widths = heads.indices.map { column in
      cells.reduce(heads[column].count) { max($0, TerminalText.width($1[column])) }
    }
    // Where the strategy's name does not fit, it leads the reason instead of being cut.
    let fits = widths.reduce(0, +) + 2 * (widths.count - 1) <= width
    func line(_ texts: [String]) -> String {
      let padded = texts.indices.dropLast(fits ? 0 : 1).map { column in
        column == 3 || column == 4
          ? TerminalText.right(texts[column], widths[column]) : TerminalText.left(texts[column], widths[column])
      }
      return TerminalText.truncated(padded.joined(separator: "  ").trimmingTrailingSpaces, to: width)
    }
    lines.append(TerminalColour.dim.paint(line(heads), when: colour))
    for (entry, texts) in zip(entries, cells) {
      lines.append(line(texts))
      let reason = TerminalText.printable(fits ? entry.signal.reason : "\(entry.strategy): \(entry.signal.reason)")
      lines += TerminalText.wrapped(reason, to: width - 12).map {
        TerminalColour.dim.paint(TerminalText.spaces(12) + $0, when: colour)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Direction {
  var words: String {
    switch self {
    case .buy: "buy"
    case .sell: "sell"
    case .exitLong: "exit long"
    case .exitShort: "exit short"
    }
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
