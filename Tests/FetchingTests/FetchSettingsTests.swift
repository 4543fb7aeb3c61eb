import PluginKit
import TestSupport
import Testing
import Trading

@testable import Fetching

@Suite struct FetchSettingsTests {
  private let manners = WebManners(baseURL: "https://prices.example", rate: ["2/s", "60/m"])

  @Test func `where the config says nothing, the source's manners hold`() throws {
    let settings = try FetchSettings(settings: [:], manners: manners)
    #expect(settings.baseURL == "https://prices.example")
    #expect(settings.politeness.rate == [RateWindow(count: 2, length: 1_000), RateWindow(count: 60, length: 60_000)])
    #expect(settings.limits == TransferLimits())
    #expect(settings.limits.addresses == .publicOnly)
  }

  @Test func `what the config says holds`() throws {
    let said: PluginSettings = [
      "base_url": "http://127.0.0.1:8080/api/", "rate": "25/d", "allow_private": "true", "user_agent": "Own/1",
      "proxy": "socks5h://user:word@127.0.0.1:1080", "timeout": "20s", "connect_timeout": "3s", "idle_timeout": "5s",
      "max_body": "500kB", "max_wait": "1m", "concurrency": "4", "retries": "0",
    ]
    // Every common key stands above.
    #expect(Set(said.values.keys) == Set(FetchSettings.common.map(\.name)))
    for setting in FetchSettings.common { #expect(said.values[setting.name].map(setting.admits) == true) }
    let settings = try FetchSettings(settings: said, manners: manners)
    #expect(settings.baseURL == "http://127.0.0.1:8080/api")
    var limits = TransferLimits()
    limits.timeout = 20_000
    limits.connectTimeout = 3_000
    limits.idleTimeout = 5_000
    limits.maxBody = 500_000
    limits.addresses = .any
    limits.proxy = "socks5h://user:word@127.0.0.1:1080"
    limits.userAgent = "Own/1"
    #expect(settings.limits == limits)
    var politeness = Politeness()
    politeness.rate = [RateWindow(count: 25, length: 86_400_000)]
    politeness.longestWait = 60_000
    politeness.concurrency = 4
    politeness.retries = 0
    #expect(settings.politeness == politeness)
  }

  @Test(arguments: [
    ("base_url", "prices.example", "base_url is https://host"), ("base_url", "ftp://prices.example", "found \"ftp"),
    ("base_url", "https://", "https://host"), ("base_url", "https://a.example/?key=1", "a path behind it at most"),
    ("rate", "2/w", "found \"2/w\""), ("timeout", "2h", "at most 60m"), ("timeout", "soon", "10s or 2m"),
    ("idle_timeout", "-1s", "found \"-1s\""), ("max_body", "5", "500kB or 32MB"), ("max_body", "2GB", "1GB"),
    ("concurrency", "0", "from 1 to 64; found \"0\""), ("concurrency", "2.5", "a whole number"),
    ("retries", "11", "from 0 to 10"), ("proxy", "gopher://host", "socks5h"), ("user_agent", "a\nb", "one line"),
  ])
  func `a value that cannot be used is said`(_ name: String, _ value: String, _ words: String) {
    let error = #expect(throws: FetchSettings.Faults.self) {
      try FetchSettings(settings: PluginSettings([name: .text(value)]), manners: manners)
    }
    #expect(error?.faults.map(\.name) == [name])
    #expect(error?.faults.first?.sentence.contains(words) == true, "\(error?.faults ?? [])")
  }

  @Test func `all faults are said at once, and none shows a proxy's password`() {
    let error = #expect(throws: FetchSettings.Faults.self) {
      try FetchSettings(
        settings: ["rate": .list(["x", "2/s", "y"]), "retries": "many", "proxy": "user:word@host"], manners: manners)
    }
    #expect(error?.faults.map(\.name).sorted() == ["proxy", "rate", "rate", "retries"])
    #expect(error?.faults.contains { $0.sentence.contains("word@") } == false)
  }

  @Test func `a client is made of them`() async throws {
    let server = try FaultServer(["/": [.status(503), .text("there")]])
    defer { server.stop() }
    let clock = SimulatedClock()
    let settings = try FetchSettings(settings: ["allow_private": "true", "retries": "1"], manners: manners)
    let client = settings.client(
      on: TransferLoop(), now: { clock.now }, sleep: { clock.sleep($0) }, random: { 0.5 })
    #expect(try await client.send(WebRequest(server.url + "/")).status == 200)
    #expect(server.requests.first?.headers["user-agent"] == "Mozilla/5.0 (compatible; Finstage)")
  }
}
