import Foundation
import TestSupport
import Trading

/// The servers of one trial.
struct CrashServers {
  let venue: FaultServer
  let telegram: FakeTelegram
  let hook: FaultServer
  let orders: FaultServer

  /// - Parameter bars: How many there are at the source.
  init(_ scenario: CrashScenario, bars: Int, isCorrected: Bool, _ cuts: CrashCuts = CrashCuts()) throws {
    venue = try FaultServer(cut: { $0 == 0 ? cuts.source : nil }) { request, _ in
      let query = request.query
      guard let place = CrashScenario.symbols.firstIndex(of: query["s"] ?? ""),
        let from = query["from"].flatMap({ Int64($0) }), let to = query["to"].flatMap({ Int64($0) })
      else { return .status(400) }
      let rows = (0..<bars).map { scenario.candle(place, $0, isCorrected: isCorrected) }
        .filter { (from..<max(from, to)).contains($0.time.milliseconds) }
        .map {
          """
          {"t":\($0.time.milliseconds),"o":\($0.open),"h":\($0.high),"l":\($0.low),"c":\($0.close),"v":\($0.volume)}
          """
        }
      return .json("{\"bars\":[\(rows.joined(separator: ","))]}")
    }
    telegram = try FakeTelegram(token: "1:T")
    if let bytes = cuts.telegramRequest { telegram.cutRequests(after: [bytes]) }
    if let bytes = cuts.telegramAnswer { telegram.script([.cutAnswer(after: bytes)]) }
    orders = try FaultServer { _, _ in .json("{}") }
    hook = try FaultServer(cut: { $0 == 0 ? cuts.hook : nil }) { _, _ in .json("{}") }
  }

  /// The environment by which the library knows their connections.
  var ports: String {
    let telegramPort = telegram.url.split(separator: ":").last ?? ""
    return "source=\(venue.port),telegram=\(telegramPort),hook=\(hook.port),orders=\(orders.port)"
  }

  /// How often each id has come, by channel.
  func arrived(_ codes: Set<String>) -> [CrashKey: Int] {
    var counts: [CrashKey: Int] = [:]
    func count(_ channel: String, _ text: String) {
      for code in codes where text.contains(code) { counts[CrashKey(channel: channel, code: code), default: 0] += 1 }
    }
    for message in telegram.messages { count("telegram", message.shown) }
    for request in hook.requests { count("hook", String(decoding: request.body, as: UTF8.self)) }
    for request in orders.requests { count("orders", String(decoding: request.body, as: UTF8.self)) }
    return counts
  }

  /// Ids of order intents that have come more than once.
  var repeatedOrders: [String] {
    let ids = orders.requests.map { $0.headers["idempotency-key"] ?? "none" }
    return Set(ids).filter { id in ids.count { $0 == id } > 1 }.sorted()
  }

  /// Messages in which no known id stands.
  func strangers(_ codes: Set<String>) -> [String] {
    (telegram.messages.map(\.shown) + (hook.requests + orders.requests).map { String(decoding: $0.body, as: UTF8.self) })
      // People are told of an intent of which nobody knows.
      .filter { text in !text.contains("order intent fs") }
      .filter { text in !codes.contains { text.contains($0) } }
  }

  func stop() {
    venue.stop()
    telegram.stop()
    hook.stop()
    orders.stop()
  }
}

/// After how many bytes a server breaks its first connection off with a reset: of the request, or of the answer.
struct CrashCuts: Hashable, Sendable {
  var source, hook, telegramRequest, telegramAnswer: Int?

  static func random(using random: inout SplitMix) -> CrashCuts {
    var cuts = CrashCuts()
    let bytes = Int.random(in: 0...400, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: cuts.source = bytes
    case 1: cuts.hook = bytes
    case 2: cuts.telegramRequest = bytes
    default: cuts.telegramAnswer = bytes / 2
    }
    return cuts
  }
}

/// What a channel is told of once.
struct CrashKey: Hashable, Comparable, CustomStringConvertible {
  var channel, code: String

  var description: String { "\(channel) \(code)" }
  static func < (left: CrashKey, right: CrashKey) -> Bool { (left.channel, left.code) < (right.channel, right.code) }
}
