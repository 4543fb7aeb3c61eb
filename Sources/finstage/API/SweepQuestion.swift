import ArgumentParser
import Backtesting
import HTTPAPI
import Pipelines
import Reporting
import Trading

typealias SweepJobs = WorkJobs<SweepQuestion>

/// What a sweep is asked for, as the command's options say it: a grid, small enough for one thread of the host.
struct SweepQuestion: WorkQuestion {
  struct Answer: Sendable {
    let map: DashboardFragment
  }

  static let kind = "sweep"
  static func place(of job: Int) -> String { "/sweeps/\(job)" }

  /// Combinations that are run, at most.
  static let most = 5_000

  /// The configuration's file.
  let config: String
  let strategy: String
  var symbol: String?
  /// `trend.fast=5..50:5`.
  var axes: [String]
  var condition: String?
  var rank = "sharpe"

  var fields: [(String, JSONValue)] {
    [
      ("strategy", .string(strategy)), ("symbol", symbol.map { .string($0) } ?? .null),
      ("axes", .array(axes.map { .string($0) })),
    ]
  }

  /// Options with their values in one word each, so that none of them can be read as another option.
  private var arguments: [String] {
    var words = ["--config=\(config)", "--jobs=1", "--state=none", "--rank=\(rank)"]
    words += ["--max-combinations=\(SweepQuestion.most)"] + axes.map { "--set=\($0)" }
    if let condition { words.append("--where=\(condition)") }
    if let symbol { words.append("--symbol=\(symbol)") }
    return words + ["--", strategy]
  }

  /// What is wrong with it; nil where nothing is found before prices are read.
  var fault: String? {
    do {
      _ = try SweepPlan(try SweepCommand.parse(arguments))
      return nil
    } catch let failure as Failure {
      return failure.message
    } catch {
      return SweepCommand.message(for: error)
    }
  }

  func answer(_ workspace: Workspace, _ progress: WorkProgress) async throws -> (answer: Answer, failures: [String]) {
    let command = try SweepCommand.parse(arguments)
    var plan = try SweepPlan(command)
    try await plan.loadPrices()
    progress.begin(of: plan.combinations.count * plan.markets.count)
    let report = try plan.whole(plan.sweep(over: Counting(progress)))
    do throws(HeatMapFault) {
      let page = HeatMapPage(report, settings: command.replay.described, version: Finstage.version)
      return (Answer(map: try page.fragment()), plan.failures)
    } catch {
      throw Failure(.unusable, "\(error)")
    }
  }
}

/// Keeps nothing of a sweep, and counts what is done of it.
private final class Counting: SweepStore {
  private let progress: WorkProgress

  init(_ progress: WorkProgress) { self.progress = progress }

  func figures(of key: SweepKey) -> SweepFigures? { nil }

  func keep(_ rows: [(key: SweepKey, figures: SweepFigures)]) throws {
    progress.step(rows.count)
    try Task.checkCancellation()
  }
}
