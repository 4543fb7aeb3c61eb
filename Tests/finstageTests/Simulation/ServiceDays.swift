import Foundation
import SeriesMath
import Storage
import Synchronization
import TestSupport
import Trading

@testable import finstage

/// Some days of a whole host: prices from a server that fails, a disk that fills, a clock that is put forward and back, a
/// receiver that answers badly or not at all, stops and starts; all of it drawn from a seed.
final class ServiceDays: Sendable {
  static let minute: Int64 = 60_000
  static let hour: Int64 = 3_600_000
  static let symbols = ["P", "Q", "R"]

  /// What was done to the host.
  struct Story: Sendable {
    var account = SlotAccount()
    var (stops, jumps, disks, locks, downs) = (0, 0, 0, 0, 0)
    /// The most bytes of memory and descriptors that were seen in the first third of the days, and in the last one.
    var early = (memory: 0, descriptors: 0)
    var late = (memory: 0, descriptors: 0)
  }

  let start: Instant
  let days: Int
  let service: SimulatedService
  let venue: SimulatedVenue
  let receiver: SimulatedReceiver
  private let folder: URL
  private let seed: UInt64
  private let offset = Mutex<Int64>(0)
  private let isWell: Flag

  private final class Flag: Sendable {
    let isSet = Atomic<Bool>(false)
  }

  /// - Parameter slots: The lines of the slots' oracle that belong to these days.
  init(from start: Instant, days: Int, slots: [[String]], in folder: URL, seed: UInt64) throws {
    (self.start, self.days, self.folder, self.seed) = (start, days, folder, seed)
    service = SimulatedService(from: start, in: folder, seed: seed, idle: 5 * Self.minute, width: 16)
    let clock = service.clock
    let isWell = Flag()
    self.isWell = isWell
    venue = try SimulatedVenue(clock, bar: Self.hour, time: { start.advanced(by: clock.passed) }) { asked, count in
      isWell.isSet.load(ordering: .relaxed) ? nil : Self.fault(seed, asked, count)
    }
    receiver = try SimulatedReceiver(seed: seed)
    let hours = Int64(days) * 24 + 24
    for symbol in Self.symbols {
      venue.set(symbol, (-48..<hours).map { Self.bar(symbol, start.advanced(by: $0 * Self.hour)) })
    }
    try write(
      ["config.yaml": configuration(slots), "strategies/turns.yaml": Self.strategy], in: folder)
  }

  func stop() {
    venue.stop()
    receiver.stop()
  }

  // MARK: What is true

  /// A bar whose close follows from its symbol and its time.
  private static func bar(_ symbol: String, _ time: Instant) -> Candle {
    var random = SplitMix64(seed: symbol.utf8.reduce(UInt64(bitPattern: time.milliseconds)) { $0 &* 31 &+ UInt64($1) })
    let close = 96 + Double(random.below(9))
    return Candle(time: time, open: 100, high: 106, low: 94, close: close, volume: 1_000)
  }

  static let strategy = """
    name: turns
    title: Turns
    timeframe: 1h
    symbols: ["@all"]
    pipeline:
      - { id: turn, buy: close > 100, sell: close < 100, confidence: 70 }
    notify: { priority: high }

    """

  /// What must be stored of a symbol: the bars that turn above 100 or below it, from the second hour on. The look of
  /// one o'clock brings the symbol up, that of five past shows what stands, and what comes then is saved.
  func expected(_ symbol: String, through end: Instant) -> [String] {
    let bars = venue.bars(symbol)
    return zip(bars, bars.dropFirst()).compactMap { before, bar in
      guard bar.time >= start.advanced(by: Self.hour), bar.time.advanced(by: Self.hour) <= end else { return nil }
      if bar.close > 100, before.close <= 100 { return "\(bar.time) buy" }
      return bar.close < 100 && before.close >= 100 ? "\(bar.time) sell" : nil
    }
  }

  private static func fault(_ seed: UInt64, _ asked: SimulatedVenue.Asked, _ count: Int) -> FaultAnswer? {
    let mixed = asked.symbol.utf8.reduce(seed &+ UInt64(count) &* 0x9E37) { $0 &* 31 &+ UInt64($1) }
    var random = SplitMix64(seed: mixed)
    switch random.unit() {
    case ..<0.03: return .tooMany(retryAfter: "2")
    case ..<0.06: return .status(500)
    case ..<0.09: return .reset()
    case ..<0.11: return .reset(after: "{\"bars\": [")
    case ..<0.13: return .garbage
    case ..<0.15: return .htmlInstead
    case ..<0.16: return .partial("{\"bars\": [")
    case ..<0.162: return .silence
    default: return nil
    }
  }

  private func configuration(_ slots: [[String]]) -> String {
    let retries = "retries: { count: 60, backoff: 1m, longest: 10m }"
    let zones = slots.map { line in
      let when = line[1] == "every" ? "every: 90m" : "cron: \"\(line[2])\", timezone: \(line[3])"
      let rule = Self.rule(line[1])
      let misfire = rule == .skip ? "skip" : rule == .last ? "run_once" : "run_all"
      let job = line[1].hasPrefix("apia") ? "prune" : "evaluate"
      return "  - { job: \(job), name: \(line[1]), \(when), misfire: \(misfire), grace: 2m, catch_up: 1000, \(retries)"
        + ", max_instances: \(rule == .all ? 1 : 8) }"
    }
    return """
      locale: en
      strategies: strategies
      storage: { sqlite: var.faulty/finstage.db, timeout: 20ms }
      watchlists: { all: [\(Self.symbols.joined(separator: ", "))] }
      \(venue.configuration(["@all"], "1h", settings: "concurrency: 1, timeout: 400ms"
        .replacingOccurrences(of: ", ", with: "\n    ")))
      channels:
        hook: { type: webhook, url: "\(receiver.url)/hook", allow_private: true, rate: 20/s, timeout: 400ms }
      routes: [{ channels: [hook] }]
      notify: { cooldown: 0, hourly_cap: 1000, max_age: 12h }
      schedule:
        - { job: collect, cron: "0 * * * *", timezone: UTC, \(retries) }
        - { job: evaluate, after: collect, \(retries) }
        - { job: evaluate, name: again, cron: "5 * * * *", timezone: UTC, \(retries) }
      \(zones.joined(separator: "\n"))

      """
  }

  static func rule(_ job: String) -> SlotAccount.Rule {
    job == "every" ? .skip : job == "new_york_hours" ? .last : .all
  }

  // MARK: What is done to the host

  /// Runs the days, brings what is open to its end, and stops.
  func run() async throws -> Story {
    var story = Story()
    var random = SplitMix64(seed: seed ^ UInt64(bitPattern: start.milliseconds))
    let end = Int64(days) * 24 * Self.hour
    let longest = Double(min(60 * Self.hour, end / 4))
    try service.start()
    // Nothing happens until the host has seen each symbol once.
    await up(3 * Self.hour, &story)
    while service.clock.passed < end {
      await up(Int64(random.unit() * longest), &story)
      if random.unit() < 0.5 {
        // In whole minutes: no slot of the one time is missed by a part of a second of the other.
        let next = Int64(random.unit() * 360 - 180) * Self.minute
        jump(to: next)
        story.jumps += 1
        await up(Self.hour + Int64(random.unit() * longest / 3), &story)
      }
      if random.unit() < 0.5 {
        let faults: [FaultyDisk.Fault] = [.full, .broken, .torn, .readOnly]
        FaultyDisk.shared.set(faults[random.below(faults.count)])
        await service.pass(Int64(random.unit() * Double(Self.hour)))
        FaultyDisk.shared.set(.none)
        story.disks += 1
        await up(2 * Self.hour, &story)
      }
      if random.unit() < 0.3 {
        let other = try OtherWriter(path)
        await service.pass(Int64(random.unit() * 20 * Double(Self.minute)))
        other.close()
        story.locks += 1
        await up(2 * Self.hour, &story)
      }
      if random.unit() < 0.4 {
        receiver.set(down: true)
        await up(Int64(random.unit() * min(3 * Double(Self.hour), longest)), &story)
        receiver.set(down: false)
        story.downs += 1
      }
      if random.unit() < 0.4 {
        try await service.stop()
        story.stops += 1
        await service.pass(Int64(random.unit() * random.unit() * longest / 2))
        try service.start()
      }
      let use = try Self.use()
      if service.clock.passed < end / 3 { story.early = Self.most(story.early, use) }
      if service.clock.passed > end / 3 * 2 { story.late = Self.most(story.late, use) }
    }
    // The clock is put right, all are well again, and what is open is brought to its end.
    jump(to: 0)
    isWell.isSet.store(true, ordering: .relaxed)
    receiver.mend()
    await up(6 * Self.hour, &story)
    story.late = Self.most(story.late, try Self.use())
    try await service.stop()
    return story
  }

  var path: String { folder.appending(path: "var.faulty/finstage.db").path() }

  private func up(_ length: Int64, _ story: inout Story) async {
    let from = service.clock.now()
    await service.pass(length)
    story.account.up.append(from...max(from, service.clock.now()))
  }

  /// Puts the host's clock so far ahead of the true time, or behind it.
  private func jump(to next: Int64) {
    let change = offset.withLock { offset in
      defer { offset = next }
      return next - offset
    }
    service.clock.jump(by: change)
  }

  /// Resident memory in bytes, and open descriptors.
  static func use() throws -> (memory: Int, descriptors: Int) {
    let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
    return ((pages.count > 1 ? Int(pages[1]) ?? 0 : 0) * 4_096, descriptors)
  }

  private static func most(
    _ one: (memory: Int, descriptors: Int), _ other: (memory: Int, descriptors: Int)
  ) -> (memory: Int, descriptors: Int) {
    (max(one.memory, other.memory), max(one.descriptors, other.descriptors))
  }
}
