import Engine
import Pipelines
import Storage
import Trading

/// The jobs of a schedule with their next runs.
struct ScheduleListing {
  private struct Line {
    let item: Configuration.ScheduledItem
    let next: [Instant]
  }

  /// How the jobs of a host stand: which rest, and their last runs.
  struct Standing {
    var pauses: [String: Instant]
    var runs: [String: JobRun]
  }

  private let moment: Instant
  private let lines: [Line]
  /// Nil where no host is asked.
  private let standing: Standing?

  init(_ items: [Configuration.ScheduledItem], after moment: Instant, count: Int, standing: Standing? = nil) {
    self.moment = moment
    self.standing = standing
    let end = Instant(year: 9_999, month: 12, day: 31) ?? moment
    lines = items.map { item in
      Line(item: item, next: item.plan.recurrence?.slots(after: moment, through: end, limit: count) ?? [])
    }
  }

  var table: String {
    let rows =
      [["job", "when", "next"]]
      + lines.map { line in
        [
          line.item.plan.name, ScheduleListing.when(line.item.plan),
          line.item.plan.recurrence == nil
            ? "" : line.next.isEmpty ? "none: the calendar ends" : line.next.map { "\($0)" }.joined(separator: "  "),
        ]
      }
    let widths = [0, 1].map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (cell, width) in zip(row, widths) { line += cell + String(repeating: " ", count: width - cell.count + 2) }
      line += row[2]
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  var json: String {
    let jobs = lines.map { line -> JSONValue in
      let plan = line.item.plan
      var entries: [(String, JSONValue)] = [
        ("name", .string(plan.name)), ("job", .string(line.item.job.rawValue)),
        ("when", .string(ScheduleListing.when(plan))),
      ]
      entries.append(("after", .array(plan.upstream.map { .string($0) })))
      entries.append(("misfire", .string(plan.misfire.rule.rawValue)))
      entries.append(("next", .array(line.next.map { .string("\($0)") })))
      if let standing {
        entries.append(("paused_at", standing.pauses[plan.name].map { .string("\($0)") } ?? .null))
        entries.append(("last_run", standing.runs[plan.name].map(ScheduleListing.json) ?? .null))
      }
      return .object(entries)
    }
    return JSONValue.object([("from", .string("\(moment)")), ("jobs", .array(jobs))]).text
  }

  private static func json(_ run: JobRun) -> JSONValue {
    func text(_ moment: Instant?) -> JSONValue { moment.map { .string("\($0)") } ?? .null }
    return .object([
      ("state", .string(run.state.rawValue)), ("due_at", text(run.dueAt)), ("started_at", text(run.startedAt)),
      ("finished_at", text(run.finishedAt)), ("attempts", .number(Double(run.attempts))),
      ("detail", run.detail.map { .string($0) } ?? .null),
    ])
  }

  static func when(_ plan: JobPlan) -> String {
    switch plan.timing {
    case .following(let job): "after \(job)"
    case .recurring(let recurrence):
      plan.after.isEmpty ? "\(recurrence)" : "\(recurrence), after \(plan.after.joined(separator: ", "))"
    }
  }
}
