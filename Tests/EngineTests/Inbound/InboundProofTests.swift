import MarketData
import PluginKit
import Testing
import Trading

@testable import Engine

/// Who is believed. The signature of the worked example is that of Python's `hmac`:
/// `hmac.new(b"0123456789abcdef0123456789abcdef", b"1700000000." + body, hashlib.sha256).hexdigest()`
@Suite struct InboundProofTests {
  private static let secret = "0123456789abcdef0123456789abcdef"
  private static let body = #"{"symbol":"^IXIC","side":"buy","price":101.5,"strategy":"swing","id":"7"}"#
  private static let signature = "9402b0c26a85d642f800632c543897cfd8be1e058cf871501018444748e6ad0b"
  private let now = Instant(seconds: 1_700_000_000)

  private func source(_ settings: PluginSettings) throws -> InboundSource {
    var all: PluginSettings = [
      "symbol": "symbol", "direction": "side", "price": "price", "strategy": "strategy", "timeframe": "1d",
    ]
    all.values.merge(settings.values) { $1 }
    return try InboundSource(name: "desk", settings: all)
  }

  private func request(_ body: String = body, _ change: (inout InboundRequest) -> Void = { _ in }) -> InboundRequest {
    var request = InboundRequest(body: Array(body.utf8))
    change(&request)
    return request
  }

  private func fault(_ source: InboundSource, _ request: InboundRequest, at now: Instant) -> InboundFault? {
    do throws(InboundFault) { _ = try source.believed(request, at: now) } catch { return error }
    return nil
  }

  @Test func `a signed message is believed within the tolerance, and no other`() throws {
    let source = try source(["secret": .text(Self.secret)])
    func signed(_ text: String, _ body: String = Self.body) -> InboundRequest {
      request(body) { $0.signature = text }
    }
    let good = "t=1700000000,v1=\(Self.signature)"
    for seconds: Int64 in [-300, -1, 0, 300] {
      #expect(fault(source, signed(good), at: now.advanced(by: seconds * 1_000)) == nil)
    }
    #expect(fault(source, signed("t=1700000000,v1=\(Self.signature.uppercased())"), at: now) == nil)
    for seconds: Int64 in [-301, 301, 86_400] {
      guard case .outOfTime? = fault(source, signed(good), at: now.advanced(by: seconds * 1_000)) else {
        Issue.record("\(seconds) s apart it was believed")
        continue
      }
    }
    let last = String(Self.signature.dropLast()) + (Self.signature.last == "0" ? "1" : "0")
    let forged = [
      "", "t=1700000000", "v1=\(Self.signature)", "t=1700000000,v1=", "t=1700000000,v1=\(last)",
      "t=1700000001,v1=\(Self.signature)", "t=+1700000000,v1=\(Self.signature)", "t= 1700000000,v1=\(Self.signature)",
      "t=1700000000,v1=\(Self.signature)00", "t=1700000000,v1=\(Self.signature.dropLast(2))",
      "t=1700000000,v1=\(Self.signature),v1=\(Self.signature)", good + ",",
      "t=99999999999999999999,v1=\(Self.signature)",
      "t=1700000000,v1=\(String(repeating: "é", count: 32))",
    ]
    for text in forged { #expect(fault(source, signed(text), at: now) == .notBelieved, "\(text)") }
    #expect(fault(source, signed(good, Self.body + " "), at: now) == .notBelieved)
    #expect(fault(source, signed(good, ""), at: now) == .notBelieved)
    #expect(fault(source, request { $0.authorization = "Bearer \(Self.secret)" }, at: now) == .notBelieved)
  }

  @Test func `a token is believed where the source takes it and nowhere else`() throws {
    let token: SettingValue = .text(Self.secret)
    let header = try source(["token": token])
    let path = try source(["token": token, "token_in": "path"])
    let body = try source(["token": token, "token_in": "body", "token_path": "auth.key"])
    let inHeader = request { $0.authorization = "Bearer \(Self.secret)" }
    let inPath = request { $0.pathToken = Self.secret }
    let inBody = request(#"{"auth": {"key": "\#(Self.secret)"}}"#)
    for (place, source) in [header, path, body].enumerated() {
      for (brought, request) in [inHeader, inPath, inBody].enumerated() {
        #expect(fault(source, request, at: now) == (place == brought ? nil : .notBelieved), "\(place) \(brought)")
      }
    }
    for wrong in [
      "Bearer", "Bearer ", "Basic \(Self.secret)", "Bearer \(Self.secret)x", Self.secret, "Bearer  \(Self.secret)",
    ] {
      #expect(fault(header, request { $0.authorization = wrong }, at: now) == .notBelieved, "\(wrong)")
    }
    for wrong in [#"{"auth": {"key": 1}}"#, #"{"auth": {"key": null}}"#, "[]", #"{"auth": {"key": ""}}"#] {
      #expect(fault(body, request(wrong), at: now) == .notBelieved, "\(wrong)")
    }
  }

  @Test func `what no reference has brought is nobody's secret`() throws {
    // The text of the configuration is no secret: who writes it as a token is not let in.
    let source = try source(["token": "${env:NOBODY_HAS_SET_THIS}"])
    let request = request { $0.authorization = "Bearer ${env:NOBODY_HAS_SET_THIS}" }
    #expect(fault(source, request, at: now) == .withoutSecret("desk"))
  }

  @Test func `settings that cannot be used are told all at once`() throws {
    do throws(InboundSource.Faults) {
      _ = try InboundSource(
        name: "desk",
        settings: [
          "token": "short", "token_in": "cookie", "symbol": "a..b", "price": "price", "priority": "urgent",
          "rate": "0", "intervals": .mapping(["D": "soon"]), "directions": .mapping(["long": "up"]),
          "defaults": .mapping(["confidence": "200", "price": "1"]),
        ])
      Issue.record("it was taken")
    } catch {
      #expect(
        Set(error.faults.map(\.name)) == [
          "token", "token_in", "symbol", "priority", "rate", "intervals", "directions", "defaults", "direction",
          "strategy", "timeframe",
        ], "\(error.faults)")
    }
    #expect(throws: InboundSource.Faults.self) {
      try self.source(["secret": .text(Self.secret), "token": .text(Self.secret)])
    }
    #expect(throws: InboundSource.Faults.self) { try self.source([:]) }
  }
}
