import ArgumentParser
import Pipelines
import Reporting
import Storage
import Trading

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Says why a strategy spoke at a bar, or why it did not.",
    discussion: """
      finstage explain ma20-breakout --symbol '^IXIC' --at 2008-01-02
      finstage explain 4711          # a stored signal by its number, with the news before it
      finstage explain 4711 --html signal.html      # with the chart, and what became of the calls before it
      Every value, threshold and margin; ✗ marks what kept a condition from being true. Nothing after the bar is read.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, html }

  @Argument(help: "A strategy: its name or its file; or the number of a stored signal.")
  var strategy: String
  @OptionGroup var config: ConfigOption
  @Option(help: ArgumentHelp("A price file, or SYMBOL=FILE; may be repeated.", valueName: "FILE"))
  var data: [String] = []
  @OptionGroup var exchange: ExchangeOption
  @OptionGroup var facts: FactsOption
  @OptionGroup var prices: PricesOption
  @Option(help: "The symbol, from the sources of the configuration; without it the strategy's only one.")
  var symbol: String?
  @Option(
    help: ArgumentHelp("The bar: a date or an ISO time, its label. A stored signal has its own.", valueName: "TIME"))
  var at: String?
  @Option(help: "text, json or html")
  var format = Format.text
  @Option(help: ArgumentHelp("Write a page of it to this file.", valueName: "FILE"))
  var html: String?

  func run() async throws {
    let workspace = try Workspace.sound(config)
    guard let at else {
      guard let id = Int64(strategy) else { throw Failure(.usage, "say which bar: --at 2008-01-02") }
      let signal = try await SignalContext(id, workspace)
      var found: [Found] = []
      do {
        if let source = signal.record.source {
          throw Failure(.usage, "it came from outside, by the source \(source): its rule is not known here")
        }
        found = try await explanations(
          workspace, of: signal.record.strategy, symbol: signal.record.symbol, at: "\(signal.record.signal.time)")
      } catch let failure as Failure {
        guard format != .html, html == nil else { throw failure }
        Terminal.say("its values cannot be shown: \(failure.message)")
      }
      try show(found, signal, workspace)
      switch format {
      case .text: Terminal.print(signal.text(found.first?.explanation))
      case .json: Terminal.print(signal.json(found.first?.explanation).text)
      case .html: break
      }
      return
    }
    let found = try await explanations(workspace, of: strategy, symbol: symbol, at: at)
    try show(found, nil, workspace)
    switch format {
    case .text: Terminal.print(found.map(\.explanation.text).joined(separator: "\n\n"))
    case .json:
      let all = found.map(\.explanation.json)
      Terminal.print((all.count == 1 ? all[0] : JSONValue.array(all)).text)
    case .html: break
    }
  }

  /// An explanation, and what a page shows besides.
  private struct Found {
    var explanation: Explanation
    var evidence: SignalEvidence?
  }

  /// Writes the page where one is asked for.
  private func show(_ found: [Found], _ signal: SignalContext?, _ workspace: Workspace) throws {
    guard format == .html || html != nil else { return }
    guard found.count == 1, let evidence = found[0].evidence else {
      let rules = found.map(\.explanation.strategy).joined(separator: ", ")
      throw Failure(.usage, "a page shows one of \(rules): name it")
    }
    let locale = workspace.configuration?.locale ?? "en"
    let page = ExplanationPage(
      evidence, name: workspace.names()[evidence.explanation.symbol],
      surroundings: signal?.sections(isKorean: locale == "ko") ?? [], locale: locale, version: Finstage.version)
    let text: String
    do throws(ReportingError) { text = try page.render() } catch { throw Failure(.unusable, "\(error)") }
    if format == .html { Terminal.print(text) }
    if let html { try Output.write(text, to: html) }
  }

  private func explanations(
    _ workspace: Workspace, of strategy: String, symbol: String?, at: String
  ) async throws -> [Found] {
    let wantsPage = format == .html || html != nil
    return try await workspace.explanations(
      of: strategy, symbol: symbol, at: at, data: try exchange.files(data), prices: prices.prices, facts: facts
    ) { explanation, strategy, market in
      Found(
        explanation: explanation,
        evidence: wantsPage ? try SignalEvidence(explanation, of: strategy, over: market) : nil)
    }
  }
}
