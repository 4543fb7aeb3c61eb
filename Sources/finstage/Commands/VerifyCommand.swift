import ArgumentParser
import Backtesting
import Pipelines

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "The causality certificate: shows that strategies read nothing of the future.",
    discussion: """
      At places spread over the prices the future is taken away, and again replaced by noise. Signals, reasons and fills
      up to there must stay the same to the last bit. Exits with 1 where one does not.
      """)

  @Argument(help: "Strategies: names, files or folders; without any, all.")
  var strategies: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(help: ArgumentHelp("A price file, or SYMBOL=FILE; may be repeated.", valueName: "FILE"))
  var data: [String] = []
  @OptionGroup var exchange: ExchangeOption
  @OptionGroup var facts: FactsOption
  @OptionGroup var prices: PricesOption
  @Option(help: "Places at which the future is cut off.")
  var cuts = 12
  @Option(help: "Invented futures at each place.")
  var noises = 1

  func validate() throws {
    guard (1...10_000).contains(cuts), (0...1_000).contains(noises) else {
      throw ValidationError("--cuts is 1 to 10000, --noises 0 to 1000")
    }
  }

  func run() async throws {
    let workspace = try Workspace.sound(config)
    var plan = try BacktestPlan(
      workspace, strategies: strategies, data: try exchange.files(data), symbol: nil,
      prices: prices.prices, facts: facts)
    var progress = Progress("verifying", of: plan.markets)
    var isSound = true
    try await plan.each { strategies, market in
      let certificate = try CausalityCertificate(of: strategies, over: market, cuts: cuts, noises: noises)
      progress.step(certificate.symbol)
      progress.finish()
      isSound = isSound && certificate.findings.isEmpty
      Terminal.print(VerifyCommand.text(certificate))
    }
    guard plan.failures.isEmpty else {
      Terminal.say(plan.failures.joined(separator: "\n"))
      throw Failure(.partly)
    }
    if !isSound { throw Failure(.badAnswer) }
  }

  private static func text(_ certificate: CausalityCertificate) -> String {
    let head =
      "\(certificate.symbol): \(certificate.strategies.count) strategies, \(certificate.signals) signals, \(certificate.cuts) cuts"
    guard !certificate.findings.isEmpty else { return "ok   \(head): nothing read ahead" }
    let lines = certificate.findings.prefix(20).map { finding in
      "     \(finding.strategy) at \(finding.cut), \(finding.trial): \(finding.difference)"
    }
    return (["FAIL \(head): \(certificate.findings.count) differences"] + lines).joined(separator: "\n")
  }
}
