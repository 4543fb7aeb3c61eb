import PluginKit
import TestSupport
import Testing
import Trading

@testable import DataSources
@testable import Fetching

/// Every source before a server with every fault: an end in time and within memory, an error that names source, symbol
/// and cause, and no secret in it.
@Suite struct SourceFaultTests {
  static let secret = "s3cr3t/key+1"

  struct Venue: Sendable, CustomTestStringConvertible {
    let type: any DataSource.Type
    var testDescription: String { type.id }
    var hasKey: Bool { type.settings.contains { $0.name == "key" } }

    func settings(_ url: String) -> PluginSettings {
      var settings: PluginSettings = ["base_url": .text(url)]
      if hasKey { settings.values["key"] = .text(secret) }
      if type.settings.contains(where: { $0.name == "url" }) {
        settings.values["url"] = .text("\(url)/data?s={symbol}&key={key}")
        settings.values["timeframes"] = .mapping(["1d": "1d"])
        for field in ["time", "open", "high", "low", "close"] { settings.values[field] = .text(field) }
      }
      return settings
    }
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let answer: FaultAnswer
    let words: [String]
    let isTransient: Bool

    init(_ name: String, _ answer: FaultAnswer, _ words: String..., isTransient: Bool) {
      testDescription = name
      self.answer = answer
      self.words = words
      self.isTransient = isTransient
    }
  }

  static let venues = dataSources.filter { $0.web != nil }.map { Venue(type: $0) }

  static let faults = [
    Fault("429 for long", .tooMany(retryAfter: "3600"), "429", "3600 s", isTransient: true),
    Fault(
      "429 until a date", .tooMany(retryAfter: "Tue, 14 Nov 2023 23:13:20 GMT"), "429", "3600 s", isTransient: true),
    Fault("429", .tooMany(retryAfter: "5"), "429 (too many requests)", isTransient: true),
    Fault("500", .status(500), "500 (the server's own fault)", isTransient: true),
    Fault("503", .status(503), "503 (the server's own fault)", isTransient: true),
    Fault("451", .status(451), "451 (not served in this country)", isTransient: false),
    Fault("403", .text("<html>no</html>", status: 403), "403 (not allowed)", isTransient: false),
    Fault("a page", .htmlInstead, "a page for people (HTML)", "Checking your browser", isTransient: true),
    Fault("nothing", .empty, "the answer is empty", isTransient: true),
    Fault("a part", .partial("{\"chart\": ["), "broke", isTransient: true),
    Fault("cut", .json("{\"chart\": ["), "{\"chart\": [", isTransient: false),
    Fault("another language", .text("\u{1B}[2J\u{7}plain words"), "plain words", isTransient: false),
    Fault("wrong gzip", .wrongGzip, "decompressed", isTransient: true),
    Fault("gzip bomb", .gzipBomb(), "1000000 bytes", isTransient: false),
    Fault("a gigabyte", .endless(), "1000000 bytes", isTransient: false),
    Fault("a byte at a time", .drip(every: 20), "300 ms", isTransient: true),
    Fault("silence", .silence, "300 ms", isTransient: true), Fault("reset", .reset(), "broke", isTransient: true),
    Fault("reset within", .reset(after: "{"), "broke", isTransient: true),
    Fault("no HTTP", .garbage, "no HTTP", isTransient: true),
    Fault("redirects without end", .redirect(to: "/again"), "redirects more than 3 times", isTransient: false),
    Fault("a private place", .redirect(to: "http://10.0.0.1/"), "10.0.0.1", isTransient: false),
    Fault(
      "the key repeated", .text("{\"message\": \"key \(secret) or s3cr3t%2Fkey%2B1\"}", status: 401), "401",
      isTransient: false),
  ]

  @Test(.timeLimit(.minutes(10)), arguments: venues, faults)
  func `a fault is an error in time that says who, what and why, and no secret`(_ venue: Venue, _ fault: Fault)
    async throws
  {
    let server = try FaultServer { _, _ in fault.answer }
    defer { server.stop() }
    let result = await history(venue, server, within: fault.words.contains("300 ms") ? 300 : 10_000)
    guard case .failure(let error) = result else {
      Issue.record("\(venue.type.id) made a history of \(fault.testDescription)")
      return
    }
    let said = error.description
    #expect(said.contains("\(venue.type.id): ") && said.contains("ABC"), "\(said)")
    for words in fault.words { #expect(said.contains(words), "\(said)") }
    #expect(!said.contains("\u{1B}"), "\(said)")
    // Who has no key cannot know that one is repeated.
    if venue.hasKey { #expect(!said.contains("s3cr3t"), "\(said)") }
    #expect(said.count < 700)
    #expect(error.isTransient == fault.isTransient, "\(said)")
    if fault.testDescription == "429 for long", case .unavailable(_, let seconds) = error { #expect(seconds == 3600) }
  }

  @Test func `after a fault the same source gives what the server has`() async throws {
    let good = String(decoding: try Recorded.bytes("coinbase-daily.json"), as: UTF8.self)
    let server = try FaultServer { _, count in count == 0 ? .htmlInstead : .json(good) }
    defer { server.stop() }
    let venue = Venue(type: Coinbase.self)
    let source = try source(venue, server)
    await #expect(throws: DataSourceError.self) { try await ask(source) }
    #expect(try await ask(source).series.count == 3)
  }

  private func history(
    _ venue: Venue, _ server: FaultServer, within timeout: Int64
  ) async -> Result<PriceHistory, DataSourceError> {
    do throws(DataSourceError) { return .success(try await ask(source(venue, server, within: timeout))) } catch {
      return .failure(error)
    }
  }

  private func ask(_ source: any DataSource) async throws(DataSourceError) -> PriceHistory {
    try await source.history(of: Instrument(symbol: "ABC"), timeframe: .day, from: nil, to: nil)
  }

  private func source(
    _ venue: Venue, _ server: FaultServer, within timeout: Int64 = 10_000
  ) throws(DataSourceError) -> any DataSource {
    var limits = TransferLimits()
    limits.timeout = timeout
    limits.maxBody = 1_000_000
    limits.addresses = .publicAnd("127.0.0.1")
    var politeness = Politeness()
    politeness.retries = 0
    let now = Instant(milliseconds: 1_700_000_000_000)
    let web = PoliteClient(
      CurlClient(limits, on: TransferLoop()), politeness, now: { now }, sleep: { _ in }, random: { 0.5 })
    return try venue.type.init(
      settings: venue.settings(server.url), host: SourceHost(baseDirectory: "", web: web, now: { now }))
  }
}
