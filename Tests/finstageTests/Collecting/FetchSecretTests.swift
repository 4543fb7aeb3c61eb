import Foundation
import Synchronization
import TestSupport
import Testing

/// A key goes to its server and nowhere else: not to the screen, not to the database, whatever the server does with it.
@Suite struct FetchSecretTests {
  private static let canary = "c4n4ry/Qz+7"
  private static let encoded = "c4n4ry%2FQz%2B7"
  /// What any form of it begins with.
  private static let trace = "c4n4ry"

  private static let good = """
    {"Meta Data": {"2. Symbol": "IBM"}, "Time Series (Daily)": {
      "2024-01-03": {"1. open": "161", "2. high": "162", "3. low": "160", "4. close": "161.5", "5. volume": "4"},
      "2024-01-02": {"1. open": "160", "2. high": "161", "3. low": "159", "4. close": "160.5", "5. volume": "3"}}}
    """

  private static var faults: [FaultAnswer] {
    [
      .json("{\"Information\": \"the key \(canary) may ask 25 times a day\"}"),
      .json("{\"Error Message\": \"apikey=\(encoded) is no key\"}"),
      .json("{\"Time Series (Daily)\": {\"\(canary)\": {}}}"),
      .json("{\"Time Series (Daily)\": {\"2024-01-02\": {\"1. open\": \"\(canary)\"}}}"), .json("{\"\(canary)\": 1}"),
      .json("[\"\(canary)\""), .text("<html>\(canary)</html>", type: "text/html"),
      .text("refused: \(encoded)", status: 401), .text("\(canary)", status: 500),
      .status(429, headers: [("Retry-After", canary)]), .redirect(to: "http://10.0.0.1/?apikey=\(encoded)"),
      .redirect(to: "http://c4n4ry%2FQz%2B7.invalid/"), .redirect(to: "file:///\(encoded)"), .reset(after: canary),
      .partial("{\"x\": \"\(canary)"), .silence, .wrongGzip, .garbage, .empty, .gzipBomb(bytes: 20_000_000),
      // Where a message is cut, half a key would be left.
      .json(good.replacing("161.5", with: String(repeating: "x", count: 32) + canary)),
      .json("{\"Note\": \"the limit \(String(repeating: "x", count: 340))\(canary)\"}"),
      .json("{\"Note\": \"the limit \(String(repeating: "\u{200B} ", count: 2_039))\(canary)\"}"),
      .json(good.replacing("161.5", with: canary)), .json(good),
    ]
  }

  /// The answer whose turn it is.
  private final class Which: Sendable {
    let place = Atomic(0)
  }

  @Test func `no message and no file has a source's key, whatever its server answers`() throws {
    let fault = Which()
    let server = try FaultServer { _, _ in FetchSecretTests.faults[fault.place.load(ordering: .relaxed)] }
    defer { server.stop() }
    let configuration = """
      storage: { sqlite: data/f.db }
      sources:
        av:
          type: alpha_vantage
          base_url: "\(server.url)"
          key: "${env:AV_KEY}"
          rate: 1000000/s
          retries: 0
          timeout: 3s
          max_body: 1MB
          allow_private: true
      collect: [{ source: av, symbols: [IBM], timeframe: 1d, exchange: XNYS }]

      """
    try CommandTests.inFolder(["config.yaml": configuration]) { folder in
      for (place, _) in FetchSecretTests.faults.enumerated() {
        fault.place.store(place, ordering: .relaxed)
        // As JSON the error stands on both streams.
        let program = try RunningProgram(
          ["fetch", "--format", "json"], in: folder, environment: ["AV_KEY": FetchSecretTests.canary])
        let answer = try program.end()
        let isGood = place == FetchSecretTests.faults.count - 1
        #expect((answer.code == 0) == isGood, "\(place): \(answer.messages)")
        #expect(!(answer.output + answer.messages).lowercased().contains(FetchSecretTests.trace), "\(place)")
        if !isGood {
          #expect(answer.messages.contains("av, IBM 1d: ") && answer.output.contains("av, IBM 1d: "), "\(place)")
        }
      }
      // The server did get it.
      #expect(server.requests.allSatisfy { $0.query["apikey"] == FetchSecretTests.canary })
      let listed = try CommandTests.finstage("candles", "IBM", "--format", "csv", in: folder).output
      #expect(listed.contains("161.5"))
      for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path()) {
        guard let data = FileManager.default.contents(atPath: folder.appending(path: file).path()) else { continue }
        #expect(data.firstRange(of: Data(FetchSecretTests.trace.utf8)) == nil, "\(file)")
      }
    }
  }
}
