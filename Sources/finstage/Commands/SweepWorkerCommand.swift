import ArgumentParser
import Backtesting
import Pipelines

struct SweepWorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep-worker", abstract: "Works off shards of a sweep: JSON lines in, JSON lines out.",
    discussion: """
      In: { "sweep", "shard", "strategy": YAML text, "params": [{ "id.param": value }], "data": file URI or path,
      "sha256" }. Out, one line a parameter set and in their order: { "sweep", "shard", "params_hash", "params",
      "metrics" }; where something is wrong { "sweep", "shard", "error" }, and exit code 1 at the end. See
      docs/sweeps.md.
      """)

  @OptionGroup var replay: ReplayOptions
  @Option(help: ArgumentHelp("A trial ledger that each shard is recorded in; without it none.", valueName: "FILE"))
  var ledger: String?

  func run() throws {
    var worker = SweepWorker(try replay.options(), ledger: ledger == "none" ? nil : ledger)
    var input = WorkerInput()
    var isSound = true
    while let line = input.next() {
      switch line {
      case .text(let bytes): if bytes.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) { continue }
      case .tooLong: break
      }
      isSound = worker.answer(line) { Terminal.print($0) } && isSound
    }
    if !isSound { throw Failure(.badAnswer) }
  }
}
