import ArgumentParser
import Calendars
import Pipelines
import Trading

struct CalendarCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calendar",
    abstract: "Lists exchanges, the sessions of one, or the bars that there should be.",
    discussion: "Times are UTC. Without dates: today and the 30 days after it.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv }

  @Argument(help: "A MIC such as XNYS, 24/7 or FX; without one, what there is.")
  var exchange: String?
  @Option(help: "The first date, UTC.")
  var from: String?
  @Option(help: "The last date, UTC.")
  var to: String?
  @Option(help: "Bars of this length instead of sessions, each with the moment from which it is known.")
  var timeframe: String?
  @Option(help: "table or csv")
  var format = Format.table

  func run() throws {
    guard let exchange else { return list() }
    guard let calendar = ExchangeCalendar(exchange) else {
      throw Failure(
        .usage,
        "there is no calendar \"\(exchange)\"; "
          + suggestion(for: exchange, among: ExchangeCalendar.names, called: "calendars"))
    }
    let from = try date(from, "--from") ?? Terminal.now
    let to = try date(to, "--to") ?? from.advanced(by: 30 * 86_400_000)
    guard from <= to else { throw Failure(.usage, "--from \(from.dateText) lies after --to \(to.dateText)") }
    if let first = calendar.firstDate, let last = calendar.lastDate, !calendar.covers(from) || !calendar.covers(to) {
      Terminal.say("the table of \(exchange) goes from \(first.dateText) to \(last.dateText), no further")
    }
    try show(timeframe == nil ? sessions(of: calendar, from, to) : bars(of: calendar, from, to))
  }

  private func sessions(of calendar: ExchangeCalendar, _ from: Instant, _ to: Instant) -> [[String]] {
    [["date", "open", "close", "pause_start", "pause_end"]]
      + calendar.sessions(from: from, to: to).map { session in
        [
          session.date.dateText, "\(session.open)", "\(session.close)",
          session.pause.map { "\($0.lowerBound)" } ?? "", session.pause.map { "\($0.upperBound)" } ?? "",
        ]
      }
  }

  private func bars(of calendar: ExchangeCalendar, _ from: Instant, _ to: Instant) throws(Failure) -> [[String]] {
    guard let length = timeframe.flatMap({ Timeframe($0) }) else {
      throw Failure(.usage, "--timeframe \"\(timeframe ?? "")\" is none; write 1m 5m 15m 1h 4h 1d 1w 1mo")
    }
    let opens = calendar.opens(of: length, from: from, to: to)
    let closes = calendar.closes(ofBarsOpening: opens, length)
    return [["time", "known_at"]] + zip(opens, closes).map { ["\($0)", "\($1)"] }
  }

  private func list() {
    var rows = [["name", "zone", "first", "last", "shares"]]
    for name in ExchangeCalendar.names {
      guard let calendar = ExchangeCalendar(name) else { continue }
      rows.append([
        name, calendar.zone.name, calendar.firstDate?.dateText ?? "", calendar.lastDate?.dateText ?? "",
        ExchangeCalendar.exchange(sharedBy: name) ?? "",
      ])
    }
    show(rows)
    if format == .table { Terminal.print("made from \(ExchangeCalendar.source)") }
  }

  private func show(_ rows: [[String]]) {
    guard format == .table, let first = rows.first else {
      return Terminal.print(rows.map { $0.joined(separator: ",") }.joined(separator: "\n"))
    }
    let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      var line = ""
      for (cell, width) in zip(row, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    Terminal.print(lines.joined(separator: "\n"))
  }

  private func date(_ text: String?, _ option: String) throws(Failure) -> Instant? {
    guard let text else { return nil }
    guard let date = Instant(text) else {
      throw Failure(.usage, "\(option) \"\(text)\" is no date; write 2025-01-31")
    }
    return date
  }
}
