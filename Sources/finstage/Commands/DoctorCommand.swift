import ArgumentParser
import Calendars
import Engine
import Pipelines
import Storage
import Trading

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Examines the database: integrity, durability, gaps, staleness, disk, lock.",
    discussion: """
      Gaps and late bars are told by the calendar under collect:, else by that of the instrument. Nothing is mended.
      Exit code 1 where something is at fault; warnings alone are 0.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @OptionGroup var config: ConfigOption
  @Flag(help: "Every series, also where many are as they should be.")
  var all = false
  @Option(help: "table or json")
  var format = Format.table

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let (settings, now) = (workspace.database, Terminal.now)
    var calendars: [String: ExchangeCalendar] = [:]
    var series: Set<String> = []
    let diagnosis = await Diagnosis.examine(settings, now: now) { examined in
      let key = examined.key
      series.insert("\(key)")
      guard let exchange = workspace.exchange(of: key.symbol, key.timeframe, from: key.source),
        let calendar = calendars[exchange] ?? workspace.calendar(exchange)
      else { return nil }
      calendars[exchange] = calendar
      let isFetched = workspace.configuration?.sources.contains { $0.name == key.source } ?? false
      return SeriesExamination(calendar, called: exchange, isFetched: isFetched, now: now).findings(examined)
    }
    let ends = calendars.sorted { $0.key < $1.key }.compactMap {
      SeriesExamination.finding(of: $0.value, called: $0.key, now: now)
    }
    let findings = diagnosis.findings + ends
    let sound = series.subtracting(findings.filter { $0.severity != .fine }.map(\.subject))
    Terminal.print(
      format == .json ? json(findings, settings.path) : table(findings, sound, workspace.names(), settings.path))
    if diagnosis.hasFaults { throw Failure(.badAnswer) }
  }

  /// Series that are as they should be stand one by one where they are few.
  private static let few = 12

  private func table(
    _ findings: [Diagnosis.Finding], _ sound: Set<String>, _ names: [String: String], _ path: String
  ) -> String {
    let isShort = !all && sound.count > DoctorCommand.few
    var rows = findings.filter { !(isShort && $0.severity == .fine && sound.contains($0.subject)) }
      .map { finding in
        let symbol = finding.subject.split(separator: " ").first.map(String.init) ?? ""
        return [
          finding.severity.rawValue, finding.subject + (names[symbol].map { " (\($0))" } ?? ""), finding.detail,
        ]
      }
    if isShort { rows.append(["fine", "series", "\(sound.count) are as they should be; --all lists them"]) }
    return path + "\n" + CandleListing.table(rows, leading: 3)
  }

  private func json(_ findings: [Diagnosis.Finding], _ path: String) -> String {
    let findings = findings.map { finding in
      JSONValue.object([
        ("severity", .string(finding.severity.rawValue)), ("subject", .string(finding.subject)),
        ("detail", .string(finding.detail)),
      ])
    }
    return JSONValue.object([("database", .string(path)), ("findings", .array(findings))]).text
  }
}
