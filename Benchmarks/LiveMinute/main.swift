import Engine
import Foundation
import PluginKit
import Pipelines
import Storage
import StrategyModules
import Trading

// What a minute costs a running host: every symbol has one closed bar more, and every strategy is evaluated on each.
//
//     LiveMinute [--symbols 5000] [--strategies 40] [--bars 2500] [--minutes 5] [--jobs 2] [--rebuild 250]
//                [--folder strategies] [--stored 1]
//
// First the rebuild that is wanted in 10 s: so many symbols that they make 10,000 pairs with the strategies. Then all
// symbols, and minutes of one bar each. The strategies are those that are shipped, on minute bars of random walks; bars
// are made when they are asked for, and a pass saves its signals and marks in a database of its own on the disk.
//
// With --stored 1 the bars are in that database too: a minute saves one of each symbol, evaluates them, and every signal
// goes into the outbox with its message in words, for a channel that takes a message and never answers.

func number(_ name: String, _ initial: Int) -> Int {
  let arguments = CommandLine.arguments
  return arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? Int(arguments[$0 + 1]) : nil } ?? initial
}

func seconds(_ body: () async throws -> Void) async rethrows -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  try await body()
  let time = (clock.now - start).components
  return Double(time.seconds) + Double(time.attoseconds) * 1e-18
}

/// Resident memory in MiB.
func resident() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
  return (line?.split(separator: " ").dropLast().last.flatMap { Int($0) } ?? 0) / 1_024
}

/// The shipped strategies, by path; those that need a group of symbols are left out.
func shipped(_ folder: String, _ count: Int) throws -> [Strategy] {
  let reader = StrategyReader(registry: bundled)
  let files = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("portfolios/") }
  let strategies = files.compactMap { reader.read(path: "\(folder)/\($0)").strategy }.filter { $0.groups.isEmpty }
  precondition(strategies.count >= count, "as many strategies as are wanted")
  return Array(strategies.prefix(count))
}

let (symbols, strategyCount, bars) = (number("--symbols", 5_000), number("--strategies", 40), number("--bars", 2_500))
let folderAt = CommandLine.arguments.firstIndex(of: "--folder").map { CommandLine.arguments[$0 + 1] } ?? "strategies"
let minute = Timeframe(1, .minute)
let read = try shipped(folderAt, strategyCount).map { strategy in
  var strategy = strategy
  strategy.timeframe = minute
  return strategy
}
let place = NSTemporaryDirectory() + "live-minute-\(ProcessInfo.processInfo.processIdentifier)"
try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(atPath: place) }

var settings = LiveRun.Settings()
settings.jobs = number("--jobs", 2)
print("at the start: \(resident()) MiB resident")

let isStored = number("--stored", 0) == 1
for (label, size) in [("rebuild", number("--rebuild", 10_000 / strategyCount)), ("all", symbols)]
where size > 0 && !(isStored && label == "rebuild") {
  let names = (0..<size).map { SeriesName("S\($0)", minute) }
  let walks = Walks(names, bars: bars)
  let strategies = read.map { LiveStrategy($0, symbols: names.map(\.symbol)) }
  let store = try SQLiteStore(SQLiteSettings(path: "\(place)/\(label).db"), for: .writing)
  let stored = isStored ? try await StoredMinute(walks, names, store) : nil
  let live = LiveRun(bars: stored?.bars ?? walks as any LiveBars, store: store, settings: settings)
  let now = Instant(seconds: 1_700_000_000)
  var failures = 0
  let made = await seconds { for name in names { _ = try? await walks.bars(of: name, after: nil) } }
  let rebuilt = try await seconds { failures += try await live.start(strategies, at: now).failures.count }
  print(
    "\(label): \(size * strategyCount) pairs of \(size) symbols with \(bars) bars are rebuilt in \(rebuilt) s, of which",
    "\(made / Double(settings.jobs)) s make the bars; \(resident()) MiB resident")
  _ = await live.evaluate(at: now)
  guard label == "all" else { continue }
  for _ in 0..<number("--minutes", 5) {
    walks.close(another: 1)
    var found = LivePass()
    let saving = try await seconds { try await stored?.saveNext() }
    let time = await seconds {
      found = await live.evaluate(at: now) { await stored?.notices(of: $0) ?? $0.map { _ in [] } }
    }
    failures += found.failures.count
    precondition(found.bars == size && found.storeFault == nil, "a bar of each symbol was taken and saved")
    let saved = stored == nil ? "" : "\(saving) s to save the bars and "
    print("minute: \(saved)\(time) s, \(found.signals.count) signals saved; \(resident()) MiB resident")
  }
  precondition(failures == 0, "nothing failed")
  if let stored { print("the stalled channel: \(try await stored.end())") }
}
