import Benchmark
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Whole commands as a user starts them: the release program as a child process, by the time that it keeps a processor
/// busy. Of five runs the least counts: what else the machine does can only lengthen one.
let benchmarks: @Sendable () -> Void = {
  let busy = BenchmarkMetric.custom("process time, µs", polarity: .prefersSmaller, useScalingFactor: false)
  Benchmark.defaultConfiguration = .init(
    metrics: [busy], units: [busy: .count], warmupIterations: 1, maxDuration: .seconds(5), maxIterations: 20)

  /// `target` is in milliseconds of process time, on a machine of 2.8 GHz; a command beyond it fails.
  func measure(_ arguments: String..., of strategies: [String] = [], target: Int) {
    let name = (["finstage"] + arguments + (strategies.isEmpty ? [] : ["(ten strategies)"])).joined(separator: " ")
    let arguments = arguments + strategies
    Benchmark(name) { benchmark in
      let runs = (0..<5).compactMap { _ in Child.run(arguments) }
      guard runs.count == 5, let least = runs.min() else {
        benchmark.error("beyond the limit: \(Child.program) did not end well; `make build` comes first")
        return
      }
      benchmark.measurement(busy, least)
      if least > target * 1_000 {
        benchmark.error("beyond the limit: \(least / 1_000) ms of process time, where \(target) ms are aimed at")
      }
    }
  }

  measure("--version", target: 30)
  measure("validate", target: 60)
  measure("test", target: 60)
  measure("backtest", of: ten, target: 250)
  measure("backtest", "--format", "json", of: ten, target: 250)
  measure("backtest", target: 600)
}

/// The ten that the project began with.
private let ten = [
  "bollinger-reversion", "donchian-breakout", "golden-cross", "ma20-breakout", "macd-cross", "rsi-bounce",
  "trend-pullback", "triple-confirmation", "triple-confirmation-seed", "volume-surge",
]

/// The program as a child process, in the folder of the repository, its output thrown away.
enum Child {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let program = "\(root)/.build/release/finstage"

  /// The microseconds of processor time that the child took; nil where it could not be started or did not end with 0.
  static func run(_ arguments: [String]) -> Int? {
    // The commands find config.yaml where they are started.
    guard chdir(root) == 0 else { return nil }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var child = pid_t()
    guard posix_spawn(&child, program, &actions, nil, &words, environ) == 0 else { return nil }
    var status: Int32 = 0
    var usage = rusage()
    guard wait4(child, &status, 0, &usage) == child, status == 0 else { return nil }
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    let rest = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
    return Int(seconds) * 1_000_000 + Int(rest)
  }
}
