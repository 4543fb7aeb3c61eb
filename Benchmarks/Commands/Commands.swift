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
/// busy. What is aimed at, on a machine of 2.8 GHz: `validate` in 60 ms, the ten backtests over both files in 250 ms.
let benchmarks: @Sendable () -> Void = {
  let busy = BenchmarkMetric.custom("process time, µs", polarity: .prefersSmaller, useScalingFactor: false)
  let memory = BenchmarkMetric.custom("peak memory, KB", polarity: .prefersSmaller, useScalingFactor: false)
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, busy, memory], warmupIterations: 2, maxDuration: .seconds(4), maxIterations: 60)

  func measure(_ arguments: String...) {
    Benchmark("finstage " + arguments.joined(separator: " ")) { benchmark in
      guard let usage = Child.run(arguments) else {
        benchmark.error("\(Child.program) did not end well: `make build` comes first")
        return
      }
      benchmark.measurement(busy, usage.microseconds)
      benchmark.measurement(memory, usage.peakKilobytes)
    }
  }

  measure("--version")
  measure("validate")
  measure("test")
  measure("backtest")
  measure("backtest", "--format", "json")
}

/// The program as a child process, in the folder of the repository, its output thrown away.
enum Child {
  struct Usage {
    var microseconds, peakKilobytes: Int
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let program = "\(root)/.build/release/finstage"

  /// What the child used; nil where it could not be started or did not end with 0.
  static func run(_ arguments: [String]) -> Usage? {
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
    return Usage(microseconds: Int(seconds) * 1_000_000 + Int(rest), peakKilobytes: Int(usage.ru_maxrss))
  }
}
