import ArgumentParser
import Calendars
import Engine
import Pipelines
import Reporting
import Storage
import Trading

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Says what fired, what came of it, and how strategies stand.",
    discussion: """
      daily and weekly are what the jobs daily_report and weekly_report send; signals is their first part. With --send it
      goes into the outbox, and the service sends it; of one slot of the schedule a channel gets one report.
      Exits with 3 where the store cannot be read.
      """)

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case daily, weekly, signals
    var kind: DailyReport.Kind { DailyReport.Kind(rawValue: rawValue) ?? .daily }
  }
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, html, json }
  enum Language: String, ExpressibleByArgument, CaseIterable { case en, ko }

  @Argument(help: "daily, weekly or signals")
  var kind: Kind
  @OptionGroup var config: ConfigOption
  @Flag(help: "Queue it for the channels.")
  var send = false
  @Option(help: ArgumentHelp("Write the charts as PNG into this folder.", valueName: "FOLDER"))
  var pictures: String?
  @Option(help: "text, html or json")
  var format = Format.text
  @Option(help: "en or ko. Default: that of the configuration")
  var locale: Language?
  @Option(help: ArgumentHelp("By what was known at this moment. Default: now.", valueName: "TIME"))
  var at: String?

  func validate() throws {
    if let at, Instant(at) == nil {
      throw ValidationError("--at \"\(at)\" is no time; write 2027-01-31 or 2027-01-31T08:00:00Z")
    }
  }

  func run() async throws {
    let workspace = try Workspace.sound(config)
    guard var configuration = workspace.configuration else {
      throw Failure(.usage, "there is no file \(config.path); `finstage init` writes one")
    }
    if let locale { configuration.locale = locale.rawValue }
    let moment = at.flatMap { Instant($0) } ?? Terminal.now
    let slot = self.slot(at: moment, configuration)
    // An empty database is not made for what cannot be in it.
    let reading = try workspace.store(for: .reading)
    let collector = try await ReportCollector(
      workspace, reading, kind.kind, at: moment, slot: slot, locale: locale?.rawValue)
    let sending = ReportSending(configuration: configuration)
    let isDrawn = format == .html || pictures != nil || (send && sending.showsCharts)
    let report = try await collector.report(charts: isDrawn ? 3 : 0)
    let content = ReportWords(report, locale: configuration.locale, clock: sending.clock).content
    switch format {
    case .json: Terminal.print(report.document.text)
    case .text: Terminal.print(sending.text(of: content))
    case .html:
      do throws(ReportingError) {
        Terminal.print(
          try DailyPage(report, content, locale: configuration.locale, version: Finstage.version).render())
      } catch {
        throw Failure(.unusable, "\(error)")
      }
    }
    if let pictures { try draw(report, in: pictures, locale: configuration.locale) }
    guard send else { return }
    guard !sending.channels.isEmpty else {
      throw Failure(.unusable, "--send: the configuration has no channels: that reports could go to")
    }
    let store = try workspace.storeForChanging()
    let isNew = try await sending.queue(
      report, content, pictures: sending.pictures(of: report) { Terminal.say($0) },
      through: collector.through(report), slot: slot, in: store, at: Terminal.now)
    let channels = sending.channels.joined(separator: ", ")
    Terminal.say(
      isNew
        ? "queued for \(channels); `finstage run` sends it"
        : "the report of \(slot) was queued before, and is not again")
  }

  private func draw(_ report: DailyReport, in folder: String, locale: String) throws(Failure) {
    #if Cairo
    for chart in report.charts {
      guard let picture = chart.picture(locale: locale) else { continue }
      let symbol = chart.candles.instrument.symbol.map { $0.isLetter || $0.isNumber || $0 == "." ? $0 : "_" }
      let path = "\(folder)/\(String(symbol))-\(chart.candles.timeframe).png"
      let bytes: [UInt8]
      do throws(ReportingError) { bytes = try picture.png(locale: locale) } catch {
        throw Failure(.unusable, "\(error)")
      }
      try Output.write(bytes, to: path)
      Terminal.say("picture: \(path)")
    }
    #else
    throw Failure(.usage, "--pictures: this program was built without cairo (the package's trait Cairo)")
    #endif
  }

  /// The slot of the schedule that the moment belongs to; without one, midnight before it by the configuration's clocks.
  private func slot(at moment: Instant, _ configuration: Configuration) -> Instant {
    let week: Int64 = 8 * 86_400_000
    let scheduled = configuration.schedule.filter { $0.job == kind.kind.job }.compactMap {
      $0.plan.recurrence?.latest(after: moment.advanced(by: -week), through: moment, limit: 1).last
    }.max()
    if let scheduled { return scheduled }
    guard let zone = configuration.zone else { return Instant(milliseconds: Int64(moment.day) * 86_400_000) }
    let local = zone.local(at: moment)
    return zone.first(showing: local - (local % 86_400 + 86_400) % 86_400)
  }
}
