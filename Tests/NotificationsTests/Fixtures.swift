import Calendars
import Foundation
import PluginKit
import Storage
import Synchronization
import TestSupport
import Trading

@testable import Notifications

func moment(_ text: String) -> Instant { Instant(text) ?? Instant(milliseconds: 0) }

/// Noon UTC of a Monday.
let noon = moment("2026-01-05T12:00:00Z")

func record(
  _ direction: Direction = .buy, strategy: String = "golden-cross", symbol: String = "^IXIC",
  closed: Instant = noon, timeframe: Timeframe = Timeframe(1, .hour), price: Double = 101.5, confidence: Double = 85,
  reason: String = "close 101.5 > sma 100"
) -> SignalRecord {
  SignalRecord(
    strategy: strategy, version: "1", symbol: symbol, timeframe: timeframe,
    signal: Signal(
      time: closed.advanced(by: -timeframe.milliseconds), bar: 7, direction: direction, confidence: confidence,
      price: price, reason: reason))
}

func writer(_ locale: String = "en", zone: String = "Asia/Seoul") -> NoticeWriter {
  NoticeWriter(templates: NoticeTemplates.load(locale: locale).templates, zone: try? ZoneDatabase().zone(zone))
}

func profile(_ symbol: String = "^IXIC", category: String? = "index") -> InstrumentProfile {
  InstrumentProfile(
    instrument: Instrument(symbol: symbol), names: ["en": "Nasdaq & Co", "ko": "나스닥"], category: category,
    currency: "USD", precision: 2)
}

/// A time that only the test moves on; who sleeps is woken at once at the moment that they wanted.
final class HandClock: Sendable {
  private let time: Mutex<Instant>

  init(_ start: Instant = noon) { time = Mutex(start) }

  var now: Instant { time.withLock { $0 } }
  func advance(_ milliseconds: Int64) { time.withLock { $0 = $0.advanced(by: milliseconds) } }

  /// Sleeping moves the time on.
  var clock: DrainClock {
    DrainClock(now: { self.now }) { moment in
      self.time.withLock { $0 = max($0, moment) }
      await Task.yield()
    }
  }
}

func inFolder(_ body: (String) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "finstage-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try await body(folder.path())
}

func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
  try await inFolder { folder in
    let store = try SQLiteStore(SQLiteSettings(path: "\(folder)/finstage.db"), for: .writing)
    try await body(store)
    try store.close()
  }
}
