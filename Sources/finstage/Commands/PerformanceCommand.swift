import ArgumentParser
import Backtesting
import Insights
import Pipelines
import Reporting
import Storage
import Trading

struct PerformanceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "performance", abstract: "What became of the stored signals.",
    discussion: """
      Judges the signals that the host has stored over the bars that it has stored, as a backtest over these bars does.
      Rows are put together by --by, which may be given several times: \(Performance.Dimension.allCases.map(\.rawValue).joined(separator: ", ")).
      --calibration shows how often a confidence was right; --diagram draws it into an SVG file.
      Exits with 3 where the store or a strategy's signals are not there, 4 where a symbol has no bars to judge by.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Argument(help: ArgumentHelp("Names of strategies; without one, all.", valueName: "STRATEGY"))
  var strategies: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(help: "When a signal is judged: 1h, 4h, 1d, 1w, 1mo, or so many bars, 5b.")
  var horizon = "1d"
  @Option(help: "Rows of fewer outcomes are counted and not rated.")
  var minSamples = Grade.leastSignals
  @Option(help: "What rows are put together by. Default: strategy")
  var by: [String] = []
  @Option(help: "Signals of this symbol alone; may be given several times.")
  var symbol: [String] = []
  @Flag(help: "Shows how often a confidence was right.")
  var calibration = false
  @Option(help: ArgumentHelp("Draws that into an SVG file.", valueName: "FILE"))
  var diagram: String?
  @Option(help: "table or json")
  var format = Format.table

  func validate() throws {
    guard Horizon(horizon) != nil else {
      throw ValidationError("--horizon \"\(horizon)\" is none; write 1h, 4h, 1d, 1w, 1mo or 5b")
    }
    guard (1...1_000_000).contains(minSamples) else {
      throw ValidationError("--min-samples is a number from 1 to 1000000; found \(minSamples)")
    }
    let known = Performance.Dimension.allCases.map(\.rawValue)
    for word in by where !known.contains(word) {
      throw ValidationError("--by \"\(word)\" is none; \(suggestion(for: word, among: known, called: "words"))")
    }
  }

  func run() async throws {
    guard let horizon = Horizon(horizon) else { return }
    let workspace = try Workspace.sound(config)
    let store = try workspace.store(for: .reading)
    var question = StoredPerformance.Question(horizon: horizon)
    question.strategies = strategies
    question.symbols = symbol
    question.minSamples = minSamples
    question.by = by.compactMap { Performance.Dimension(rawValue: $0) }
    var progress: Progress?
    let found = try await StoredPerformance(question, workspace, store) { symbol, count in
      if progress == nil { progress = Progress("judging", of: count) }
      progress?.step(symbol)
    }
    progress?.finish()
    try answer(found.performance, found.births, found.drifts, unplaced: found.unplaced, found.isEmpty, found.failures)
    guard found.failures.isEmpty else { throw Failure(found.judged == 0 ? .unusable : .partly) }
  }

  private func answer(
    _ performance: Performance, _ births: [BirthPerformance], _ drifts: [DriftRecord], unplaced: Int, _ isEmpty: Bool,
    _ failures: [String]
  ) throws {
    switch format {
    case .json:
      Terminal.print(PerformanceJSON(performance, births, drifts, unplaced: unplaced, failures: failures).text)
    case .table:
      if !performance.groups.isEmpty {
        Terminal.print(PerformanceTable(performance).text(width: Terminal.width, colour: Terminal.colour))
      }
      if !births.isEmpty {
        let lines = births.map { $0.line(minSamples: performance.minSamples) }
        Terminal.print("\n" + lines.joined(separator: "\n"))
      }
      if calibration, let calibration = performance.calibration {
        Terminal.print("\n" + CalibrationTable(calibration).text())
      }
    }
    if let diagram {
      guard let calibration = performance.calibration else {
        throw Failure(.unusable, "--diagram: no signal has come to its end after \(horizon)")
      }
      let title = (strategies.isEmpty ? "All strategies" : strategies.joined(separator: ", ")) + " after \(horizon)"
      try Output.write(ReliabilityDiagram(calibration).document(title: title), to: diagram)
    }
    if isEmpty { Terminal.say("no signal is stored yet: finstage run and finstage scan store them") }
    for drift in drifts where format == .table {
      Terminal.say(
        "\(drift.strategy): since \(drift.since.dateText) its calls came true in \(Int((drift.rate * 100).rounded())) % "
          + "of \(drift.count) after \(drift.horizon); its history gave \(Int((drift.history * 100).rounded())) %")
    }
    if performance.tooLong > 0 {
      Terminal.say("\(performance.tooLong) signals are of bars too long to show \(horizon), and are left out")
    }
    if unplaced > 0 { Terminal.say("of \(unplaced) signals the bar is not there any more; they are left out") }
    for line in failures { Terminal.say(line) }
  }
}
