import ArgumentParser
import Pipelines
import StrategyModules

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Writes a first configuration and a first strategy into a folder.",
    discussion: "Both validate, and the strategy's tests hold. What is there is never overwritten.")

  @Argument(help: "The folder; it is made where it is not there.")
  var folder = "."

  func run() throws {
    let scaffold: StrategyScaffold
    do throws(StrategyScaffold.Fault) {
      scaffold = try StrategyScaffold(name: "my-first", symbols: ["@mine"], registry: bundled)
    } catch {
      throw Failure(.usage, "\(error)")
    }
    try Output.writeNew([
      ("\(folder)/config.yaml", InitCommand.configurationText),
      ("\(folder)/strategies/my-first.yaml", scaffold.text),
      ("\(folder)/prices/README.md", InitCommand.pricesText),
    ])
    Terminal.say(
      """
      \(folder): config.yaml, strategies/my-first.yaml and prices/README.md are written
      next, in that folder: finstage validate, finstage test, finstage describe my-first
      then put your prices into prices/ (its README says how) and: finstage backtest my-first
      """)
  }

  static let configurationText = """
    # `finstage validate` checks this file and every strategy.
    locale: en                       # en | ko
    timezone: UTC                    # of messages
    strategies: strategies           # the folder of the strategies, relative to this file

    # Lists of symbols, which strategies name as "@mine". A symbol is the name of its file in prices/.
    watchlists:
      mine: [MYSYMBOL]

    # Where prices come from: your own CSV files. prices/README.md says what a file looks like.
    sources:
      files: { type: csv, path: "prices/*.csv" }

    # Which symbols are taken from which source, at which length of bar.
    collect:
      - { source: files, symbols: ["@mine"], timeframe: 1d }

    """

  static let pricesText = """
    # Prices

    Put your own price files here, one a symbol: `MYSYMBOL.csv`, and write the symbol into `watchlists:` of
    `config.yaml`. The first line names the columns, each further line is a bar:

        timestamp,open,high,low,close,volume
        YYYY-MM-DD,…,…,…,…,…

    Columns stand in any order; `date` or `datetime` will do for `timestamp`, and the files of most sites are read as
    they are. Times without a zone are UTC. There are no prices in this folder yet: Finstage invents none.

    """
}
