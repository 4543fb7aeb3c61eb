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
  func measure(
    _ arguments: String..., of strategies: [String] = [], called title: String? = nil, target: Int,
    before: @escaping @Sendable () -> Bool = { true }
  ) {
    let name =
      title ?? (["finstage"] + arguments + (strategies.isEmpty ? [] : ["(ten strategies)"])).joined(separator: " ")
    let arguments = arguments + strategies
    Benchmark(name) { benchmark in
      guard before() else {
        benchmark.error("beyond the limit: what is to be measured could not be made; `make build` comes first")
        return
      }
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
  measure(
    "report", "daily", "--at", ReportedHost.at, "--config", ReportedHost.config,
    called: "finstage report daily (20 years, 9 indices, 40 strategies)", target: 2_000, before: ReportedHost.make)
}

/// The ten that the project began with.
private let ten = [
  "bollinger-reversion", "donchian-breakout", "golden-cross", "ma20-breakout", "macd-cross", "rsi-bounce",
  "trend-pullback", "triple-confirmation", "triple-confirmation-seed", "volume-surge",
]

/// A host of nine indices with twenty years of daily walks and forty of the shipped strategies, its database made by
/// the program itself.
enum ReportedHost {
  static let at = "2019-01-01T00:00:00Z"
  private static let folder = FileManager.default.temporaryDirectory.appending(path: "finstage-reported-host")
  static let config = folder.appending(path: "config.yaml").path

  @Sendable static func make() -> Bool {
    if FileManager.default.fileExists(atPath: folder.appending(path: "var/finstage.db").path) { return true }
    do {
      try? FileManager.default.removeItem(at: folder)
      let root = URL(filePath: Child.root)
      let symbols = (1...9).map { "I\($0)" }
      try FileManager.default.createDirectory(
        at: folder.appending(path: "prices"), withIntermediateDirectories: true)
      try FileManager.default.createDirectory(
        at: folder.appending(path: "strategies"), withIntermediateDirectories: true)
      let sample = try String(contentsOf: root.appending(path: "Samples/IXIC-1d.csv"), encoding: .utf8)
      let dates = sample.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } }
      for (number, symbol) in symbols.enumerated() {
        try walk(dates, seed: UInt64(number + 1)).write(
          to: folder.appending(path: "prices/\(symbol).csv"), atomically: true, encoding: .utf8)
      }
      let folders = ["breakout", "candlestick", "momentum", "reversion", "trend", "volume"]
      let files = try folders.flatMap { name in
        try FileManager.default.contentsOfDirectory(
          at: root.appending(path: "strategies/\(name)"), includingPropertiesForKeys: nil)
      }.filter { $0.lastPathComponent != "index-pair.yaml" }.sorted { $0.path < $1.path }
      for file in files.prefix(40) {
        try FileManager.default.copyItem(
          at: file, to: folder.appending(path: "strategies/\(file.lastPathComponent)"))
      }
      let list = symbols.joined(separator: ", ")
      try """
      strategies: strategies
      watchlists: { index: [\(list)] }
      sources: { files: { type: csv, path: "prices/*.csv" } }
      collect: [{ source: files, symbols: ["@index"], timeframe: 1d, exchange: XNYS }]

      """.write(toFile: config, atomically: true, encoding: .utf8)
      return files.count >= 40 && Child.run(["scan", "--no-fetch", "--config", config]) != nil
    } catch {
      return false
    }
  }

  /// Candles of a random walk over these dates.
  private static func walk(_ dates: [Substring], seed: UInt64) -> String {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    func unit() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / 9_007_199_254_740_992
    }
    var close = 1_000.0
    var lines = ["timestamp,open,high,low,close,volume"]
    for date in dates {
      let open = close * (1 + 0.004 * (unit() - 0.5))
      close = open * (1 + 0.03 * (unit() + unit() - 1))
      let (top, foot) = (max(open, close) * (1 + 0.01 * unit()), min(open, close) * (1 - 0.01 * unit()))
      lines.append("\(date),\(open),\(top),\(foot),\(close),\(Int(1e6 * (1 + unit())))")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// The program as a child process, in the folder of the repository, its output thrown away.
enum Child {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
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
