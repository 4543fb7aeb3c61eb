import Foundation
import Pipelines
import Storage
import Synchronization
import Testing
import Trading

@testable import Engine

/// Many messages at one time, over a store in a file.
@Suite struct InboundIntakeTests {
  private let now = Instant(seconds: 1_700_000_000)
  private let source = InboundSource(name: "desk", proof: .header(token: "0123456789abcdef"))

  private func message(_ place: Int, digest: String = "d") -> InboundMessage {
    InboundMessage(
      record: SignalRecord(
        strategy: "desk:s", version: "outside", symbol: "X", timeframe: .day,
        signal: Signal(time: now, bar: -1, direction: .buy, confidence: 50, price: Double(place), reason: "r"),
        source: "desk"), mark: InboundMark(source: "desk", key: "id \(place)", digest: digest))
  }

  private func atStore(_ body: (SQLiteStore) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "intake-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let store = try SQLiteStore(SQLiteSettings(path: "\(folder)/store.db"), for: .writing)
    try await body(store)
    try store.close()
  }

  @Test func `each message is saved once however many come together, and every one is answered`() async throws {
    try await atStore { store in
      let decided = Mutex<[Int]>([])
      let told = Mutex(0)
      let now = now
      let intake = InboundIntake(
        store, now: { now },
        decide: { signals in
          decided.withLock { $0.append(signals.count) }
          return signals.map { _ in [] }
        }, tell: { signals in told.withLock { $0 += signals.count } })
      let receipts = try await withThrowingTaskGroup(of: (Int, InboundReceipt).self) { group in
        for turn in 0..<300 {
          group.addTask { (turn % 100, try await intake.take(message(turn % 100), from: source)) }
        }
        var all: [Int: [InboundReceipt]] = [:]
        for try await (place, receipt) in group { all[place, default: []].append(receipt) }
        return all
      }
      let stored = try await store.signals(strategy: nil, symbol: nil, limit: 1_000)
      #expect(stored.count == 100 && receipts.count == 100)
      for (place, answers) in receipts {
        guard let id = stored.first(where: { $0.record.signal.price == Double(place) })?.id else {
          Issue.record("\(place) is not stored")
          continue
        }
        #expect(answers.count { $0 == .saved(id) } == 1 && answers.count { $0 == .repeated(id) } == 2)
      }
      // Together, and no more than are told.
      #expect(decided.withLock { $0.reduce(0, +) } == 100 && told.withLock { $0 } == 100)
      #expect(decided.withLock { $0.allSatisfy { $0 <= 128 } })
    }
  }

  @Test func `another message under an id is told apart, also where both come together`() async throws {
    try await atStore { store in
      let now = now
      let intake = InboundIntake(
        store, now: { now }, decide: { $0.map { _ in [] } }, tell: { _ in })
      let first = try await intake.take(message(1), from: source)
      let second = try await intake.take(message(1, digest: "other"), from: source)
      guard case .saved(let id) = first else {
        Issue.record("\(first)")
        return
      }
      #expect(second == .contradicted(id))
    }
  }

  @Test func `more than may wait are refused, and none of them is kept`() async throws {
    try await atStore { store in
      let (gate, open) = AsyncStream.makeStream(of: Void.self)
      var limits = InboundIntake.Limits()
      limits.waiting = 3
      let now = now
      let began = AsyncStream.makeStream(of: Void.self)
      let intake = InboundIntake(
        store, limits: limits, now: { now },
        decide: { signals in
          began.continuation.yield()
          for await _ in gate { break }
          return signals.map { _ in [] }
        }, tell: { _ in })
      let first = Task { try await intake.take(message(0), from: source) }
      for await _ in began.stream { break }
      // The first is being decided; three may wait.
      let others = (1...6).map { place in Task { try await intake.take(message(place), from: source) } }
      var full = 0
      while full < 3 {
        full = await intake.refused
        await Task.yield()
      }
      for _ in 0..<10 { open.yield() }
      _ = try await first.value
      var saved = 0
      for other in others {
        do {
          _ = try await other.value
          saved += 1
        } catch let fault as InboundFault {
          #expect(fault == .full)
        }
      }
      #expect(saved == 3)
      #expect(try await store.signals(strategy: nil, symbol: nil, limit: 100).count == 4)
    }
  }
}
