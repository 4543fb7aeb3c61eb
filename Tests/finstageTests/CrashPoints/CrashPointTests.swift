import Foundation
import TestSupport
import Testing

/// `finstage run`, unchanged, is killed at every step from the fetched bar to the message that is marked as sent, and
/// anywhere; started again it has to keep the promise of docs/notifications.md.
///
/// The suite tries a few points. With KILLS every step, before and after, and so many random points are tried; SEED says
/// which, PART=1/4 takes a quarter of all. `make crash-points` does it, and prints what was counted.
@Suite(.serialized, .enabled(if: CrashPoint.library != nil, "the library of crash points is for Linux"))
struct CrashPointTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let kills = environment["KILLS"].flatMap { Int($0) }
  private static let seed = environment["SEED"].flatMap { UInt64($0) } ?? 6
  private static let width = environment["KILLS"] == nil ? 2 : 3

  /// Steps that a trial has to come to, or the points would not be where they are said to be.
  private static let way = [
    "source: connect", "source: request", "source: answer", "telegram: connect", "telegram: request",
    "telegram: answer", "hook: connect", "hook: request", "hook: answer", "store [outbox:sending] write log",
    "store [outbox:sending] sync log", "store [outbox:ended] write log", "store [outbox:ended] sync log",
  ]

  @Test func `kill -9 at any step from the fetched bar to the sent message keeps the promise`() async throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "crash-\(UUID().uuidString)")
      .resolvingSymlinksInPath()
    defer { try? FileManager.default.removeItem(at: root) }
    let prepared = try await CrashPreparation(in: root)
    let (expected, trace) = try await prepared.unbroken()
    #expect(expected.keys.count == 2 * CrashScenario.keys)
    for step in CrashPointTests.way { #expect(trace.contains(step), "no step \"\(step)\"") }
    for tables in [["candle"], ["signal", "outbox"]] {
      #expect(trace.contains { step in tables.allSatisfy { step.contains($0) } && step.hasSuffix("sync log") })
    }

    let (steps, random) = trials(trace)
    for (name, trials) in [("named steps", steps), ("random points", random)] where !trials.isEmpty {
      var total = CrashTrial.Outcome()
      let begin = Date()
      try await CrashPointTests.each(trials) {
        try await $0.run(prepared, expected)
      } done: { trial, outcome in
        #expect(outcome.faults.isEmpty, "\(trial): \(outcome.faults.joined(separator: "\n"))")
        total.add(outcome)
      }
      #expect(total.kills > trials.count * 9 / 10)
      print(
        """
        \(name): \(trials.count) trials, \(total.kills) kills, \(total.missed) points not come to, \
        \(trials.count * expected.keys.count) messages expected, \(total.delivered) delivered, \(total.repeats) \
        repeated within the window, \(total.unknown) unknown of which \(total.lost) had not arrived, \
        \(total.faults.count) contradictions; \(Int(Date().timeIntervalSince(begin))) s
        """)
    }
  }

  private func trials(_ trace: [String]) -> (steps: [CrashTrial], random: [CrashTrial]) {
    var random = SplitMix(seed: CrashPointTests.seed)
    let all = CrashPoint.all(of: trace).map { CrashTrial(points: [$0]) }
    let anywhere = (0..<(CrashPointTests.kills ?? 3)).map { _ in CrashPointTests.trial(trace.count, using: &random) }
    guard CrashPointTests.kills != nil else {
      // Of each kind of step on a message's way one point.
      let shuffled = all.shuffled(using: &random)
      let chosen = ["store [outbox:sending] sync log", "telegram: request", "telegram: answer", "hook: answer"]
      return (chosen.compactMap { step in shuffled.first { $0.points.first?.step == step } }, anywhere)
    }
    var counts: [String: Int] = [:]
    for step in trace { counts[step, default: 0] += 1 }
    print("seed \(CrashPointTests.seed); \(trace.count) steps of \(counts.count) names:")
    for (step, count) in counts.sorted(by: { $0.key < $1.key }) { print("  \(count) × \(step)") }
    return (CrashPointTests.part(all), CrashPointTests.part(anywhere))
  }

  /// One point, or several at one start after the other, and now and then a server that cuts.
  private static func trial(_ steps: Int, using random: inout SplitMix) -> CrashTrial {
    var trial = CrashTrial(points: [.random(of: steps, using: &random)])
    while trial.points.count < 3, Int.random(in: 0..<4, using: &random) == 0 {
      trial.points.append(.random(of: steps, using: &random))
    }
    if Int.random(in: 0..<8, using: &random) == 0 {
      trial.telegram = [.cutAnswer(after: Int.random(in: 0...150, using: &random))]
    }
    return trial
  }

  /// PART=2/3: the second of every three.
  private static func part(_ trials: [CrashTrial]) -> [CrashTrial] {
    let numbers = (environment["PART"] ?? "").split(separator: "/").compactMap { Int($0) }
    guard numbers.count == 2, let place = numbers.first, let count = numbers.last, count > 0 else { return trials }
    return trials.enumerated().filter { $0.offset % count == place - 1 }.map(\.element)
  }

  /// A few at one time.
  private static func each(
    _ trials: [CrashTrial], run: @escaping @Sendable (CrashTrial) async throws -> CrashTrial.Outcome,
    done: (CrashTrial, CrashTrial.Outcome) -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (CrashTrial, CrashTrial.Outcome).self) { group in
      var waiting = trials[...]
      func begin() {
        guard let trial = waiting.popFirst() else { return }
        group.addTask { (trial, try await run(trial)) }
      }
      for _ in 0..<width { begin() }
      while let (trial, outcome) = try await group.next() {
        done(trial, outcome)
        begin()
      }
    }
  }
}

extension CrashTrial.Outcome {
  fileprivate mutating func add(_ other: CrashTrial.Outcome) {
    kills += other.kills
    missed += other.missed
    delivered += other.delivered
    repeats += other.repeats
    unknown += other.unknown
    lost += other.lost
    faults += other.faults
  }
}
