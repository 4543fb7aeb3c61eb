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
  /// Hosts at one time; each mostly waits for its next second.
  private static let width = environment["KILLS"] == nil ? 2 : 6

  /// Steps that a trial has to come to, or the points would not be where they are said to be.
  private static let connections = ["source", "telegram", "hook", "orders"].flatMap { peer in
    ["connect", "request", "answer"].map { "\(peer): \($0)" }
  }
  /// What is waited for on the disk; what waits at the same time shares a transaction, and then a step has both names.
  private static let saved = [["candle_chunk"], ["signal", "outbox"], ["outbox:sending"], ["outbox:ended"]]

  @Test func `kill -9 at any step from the fetched bar to the sent message keeps the promise`() async throws {
    let root = FileManager.default.temporaryDirectory.appending(path: "crash-\(UUID().uuidString)")
      .resolvingSymlinksInPath()
    defer { try? FileManager.default.removeItem(at: root) }
    let prepared = try await CrashPreparation(in: root)
    let (expected, trace) = try await prepared.unbroken()
    #expect(expected.keys.count == 2 * CrashScenario.keys + CrashScenario.orders)
    for step in CrashPointTests.connections { #expect(trace.contains(step), "no step \"\(step)\"") }
    for names in CrashPointTests.saved {
      let syncs = trace.filter { step in step.hasSuffix("sync log") && names.allSatisfy { step.contains($0) } }
      #expect(!syncs.isEmpty, "nothing waits for the disk for \(names)")
    }

    let (steps, random) = trials(trace)
    let kind = CrashPointTests.environment["POINTS"] ?? ""
    for (name, trials) in [("named steps", steps), ("random points", random)]
    where !trials.isEmpty && (kind.isEmpty || name.hasPrefix(kind)) {
      var (total, done) = (CrashTrial.Outcome(), 0)
      let begin = Date()
      try await CrashPointTests.each(trials) { trial in
        // What runs side by side does not meet at the same places each time.
        var outcome = try await trial.run(prepared, expected)
        if outcome.kills == 0, outcome.faults.isEmpty { outcome = try await trial.run(prepared, expected) }
        return outcome
      } done: { trial, outcome in
        #expect(outcome.faults.isEmpty, "\(trial): \(outcome.faults.joined(separator: "\n"))")
        total.add(outcome)
        done += 1
        if CrashPointTests.kills != nil, done % 50 == 0 { say("\(name): \(total.text(done, of: expected))") }
      }
      #expect(total.kills >= trials.count * 3 / 4)
      say("\(name): \(total.text(trials.count, of: expected)); \(Int(Date().timeIntervalSince(begin))) s")
      guard CrashPointTests.kills != nil else { continue }
      for (place, count) in total.repeatsAt.sorted(by: { $0.key < $1.key }) {
        say("  \(count) repeated where it was killed \(place)")
      }
      for line in total.unanswered { say("  repeated where no kill was: \(line)") }
    }
  }

  /// At once, for those who wait long.
  private func say(_ line: String) {
    print(line)
    fflush(nil)
  }

  private func trials(_ trace: [String]) -> (steps: [CrashTrial], random: [CrashTrial]) {
    var random = SplitMix(seed: CrashPointTests.seed)
    let all = CrashPoint.all(of: trace).map { CrashTrial(points: [$0]) }
    let anywhere = (0..<(CrashPointTests.kills ?? 2)).map { _ in CrashPointTests.trial(trace.count, using: &random) }
    guard CrashPointTests.kills != nil else {
      // Of each kind of step on a message's way one point.
      let shuffled = all.shuffled(using: &random)
      let chosen = ["telegram: request", "telegram: answer", "hook: answer", "orders: request", "orders: answer"]
      let near = chosen.compactMap { step in shuffled.first { $0.points.first?.step == step } }
      return (near, anywhere)
    }
    var counts: [String: Int] = [:]
    for step in trace { counts[step, default: 0] += 1 }
    say("seed \(CrashPointTests.seed); \(trace.count) steps of \(counts.count) names:")
    for (step, count) in counts.sorted(by: { $0.key < $1.key }) { say("  \(count) × \(step)") }
    return (CrashPointTests.part(all), CrashPointTests.part(anywhere))
  }

  /// One point, or several at one start after the other, and now and then a server that cuts.
  private static func trial(_ steps: Int, using random: inout SplitMix) -> CrashTrial {
    var trial = CrashTrial(points: [.random(of: steps, using: &random)])
    while trial.points.count < 3, Int.random(in: 0..<4, using: &random) == 0 {
      trial.points.append(.random(of: steps, using: &random))
    }
    if Int.random(in: 0..<8, using: &random) == 0 { trial.cuts = .random(using: &random) }
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
  /// What so many trials came to.
  fileprivate func text(_ trials: Int, of expected: CrashTrial.Expected) -> String {
    """
    \(trials) trials, \(kills) kills, \(missed) points not come to, \(trials * expected.keys.count) messages expected, \
    \(delivered) delivered, \(repeats) repeated within the window, \(unknown) unknown of which \(lost) had not arrived, \
    \(faults.count) contradictions
    """
  }

  fileprivate mutating func add(_ other: CrashTrial.Outcome) {
    kills += other.kills
    missed += other.missed
    delivered += other.delivered
    repeats += other.repeats
    unknown += other.unknown
    lost += other.lost
    repeatsAt.merge(other.repeatsAt, uniquingKeysWith: +)
    unanswered += other.unanswered
    faults += other.faults
  }
}
