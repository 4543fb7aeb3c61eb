import MarketData
import PluginKit
import Storage
import Testing
import Trading

@testable import Engine

/// What a message is read as.
@Suite struct InboundMessageTests {
  private let now = Instant(seconds: 1_700_000_000)

  private func source(_ change: (inout InboundSource) throws -> Void = { _ in }) throws -> InboundSource {
    var source = try InboundSource(
      name: "desk",
      settings: [
        "secret": "0123456789abcdef0123456789abcdef", "symbol": "order.symbol", "direction": "order.side",
        "price": "order.price", "strategy": "name", "id": "id", "time": "at", "interval": "bars",
        "confidence": "score", "reason": "why", "timeframe": "1d", "strip": "/-",
        "defaults": .mapping(["direction": "buy", "strategy": "unnamed", "confidence": "70"]),
        "directions": .mapping(["LONG": "buy", "flat": "exit_long"]), "intervals": .mapping(["60": "1h"]),
        "symbols": .mapping(["^IXIC": "IXIC"]),
      ])
    try change(&source)
    return source
  }

  private func read(_ text: String, _ source: InboundSource) throws(InboundFault) -> InboundMessage {
    try source.message(try InboundRequest(body: Array(text.utf8)).document(), at: now)
  }

  @Test func `each field is read at its path, in the host's words`() throws {
    let text = """
      {"name": "swing", "id": 17, "at": 1700000100, "bars": "60", "score": "85.5", "why": "line\\none",
       "order": {"symbol": "IXIC", "side": "Long", "price": "15,0"}}
      """.replacing("15,0", with: "15000.25")
    let message = try read(text, try source())
    let record = message.record
    #expect(record.strategy == "desk:swing" && record.source == "desk" && record.symbol == "^IXIC")
    #expect(record.timeframe == Timeframe("1h") && record.signal.direction == .buy)
    #expect(record.signal.price == 15_000.25 && record.signal.confidence == 85.5)
    #expect(record.signal.reason == "line one" && record.signal.time == now)
    #expect(message.mark.key == "id 17" && message.mark.holds == nil && message.mark.digest.utf8.count == 64)
  }

  @Test func `where a message says nothing the defaults hold`() throws {
    let text =
      #"{"id": "a", "at": "2023-11-14T22:13:20Z", "order": {"symbol": "BTC/USDT", "price": 1e3, "side": null}}"#
    let record = try read(text, try source()).record
    #expect(record.strategy == "desk:unnamed" && record.symbol == "BTCUSDT" && record.timeframe == .day)
    #expect(record.signal.direction == .buy && record.signal.confidence == 70 && record.signal.price == 1_000)
    #expect(record.signal.reason == "said by desk")
  }

  @Test func `everything that is wrong is told at once`() throws {
    let text = """
      {"name": "../etc", "id": {}, "at": "soon", "bars": "x", "score": 101, "why": 3,
       "order": {"symbol": "A B", "side": "up", "price": "1,5"}}
      """
    let source = try source()
    do throws(InboundFault) {
      _ = try read(text, source)
      Issue.record("it was taken")
    } catch {
      guard case .misfit(let items) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(
        items.map(\.field).sorted() == [
          "confidence", "direction", "id", "interval", "price", "reason", "strategy", "symbol", "time",
        ], "\(items)")
      #expect(items.first { $0.field == "price" }?.sentence.contains("\"1,5\" at \"order.price\"") == true, "\(items)")
    }
  }

  @Test(arguments: ["", "[", "[]", "7", "{}", #"{"order": {"symbol": "", "price": null}}"#])
  func `a message without what is wanted is refused`(_ text: String) throws {
    let source = try source()
    #expect(throws: InboundFault.self) { try read(text, source) }
  }

  @Test func `no price and no confidence is anything but a finite number`() throws {
    let source = try source()
    for price in ["NaN", "Infinity", "1e999", "\"nan\"", "\"inf\"", "true", "[1]", "\"0x10\""] {
      let text = #"{"id": 1, "at": 1700000000, "order": {"symbol": "X", "price": \#(price)}}"#
      #expect(throws: InboundFault.self, "\(price)") { try read(text, source) }
    }
  }

  @Test func `a message of another time is refused, and one without an id and a time holds for twice the tolerance`()
    throws
  {
    let source = try source()
    for at: Int64 in [1_700_000_301, 1_699_999_699] {
      do throws(InboundFault) {
        _ = try read(#"{"id": 1, "at": \#(at), "order": {"symbol": "X", "price": 1}}"#, source)
        Issue.record("it was taken")
      } catch {
        guard case .outOfTime = error else {
          Issue.record("\(error)")
          continue
        }
      }
    }
    let plain = try self.source {
      $0.paths[.id] = nil
      $0.paths[.time] = nil
    }
    let one = try read(#"{"order": {"symbol": "X", "price": 1}}"#, plain)
    let same = try read(#"{"order": {"price": 1.0, "symbol": "X"}, "more": 2}"#, plain)
    let other = try read(#"{"order": {"symbol": "X", "price": 2}}"#, plain)
    #expect(one.mark == same.mark && one.mark.key != other.mark.key && one.mark.holds == 600_000)
  }

  @Test func `a form of fields is read like an object of texts`() throws {
    let source = try source {
      $0.paths[.symbol] = JSONPath("pair")
      $0.paths[.price] = JSONPath("rate")
    }
    let fields = [("pair", "ETH/USDT"), ("rate", "2000.5"), ("id", "9"), ("at", "2023-11-14 22:13:21.123456+00:00")]
    let request = InboundRequest(body: [], form: .fields(fields.map { (name: $0.0, value: $0.1) }))
    let record = try source.message(try request.document(), at: now).record
    #expect(record.symbol == "ETHUSDT" && record.signal.price == 2_000.5)
  }
}
