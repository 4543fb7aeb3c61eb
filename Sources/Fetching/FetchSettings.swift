public import PluginKit
public import Trading

/// How a source asks its server: what the config says, and the source's own manners where it says nothing.
public struct FetchSettings: Hashable, Sendable {
  /// What paths are appended to, without a slash at its end.
  public var baseURL: String
  public var limits = TransferLimits()
  public var politeness = Politeness()

  /// One key that cannot be used, in a sentence that says what was found and what is admitted.
  public struct Fault: Hashable, Sendable {
    public let name: String
    public let sentence: String
  }

  /// All of them.
  public struct Faults: Error, Hashable, Sendable {
    public let faults: [Fault]
  }

  /// The keys that every source with a server admits, besides its own; `base_url` not where it has no base address.
  public static func common(_ manners: WebManners) -> [PluginSetting] {
    manners.baseURL.isEmpty ? common.filter { $0.name != "base_url" } : common
  }

  /// The same for what sends: one request at a time, each once, since only who sends knows whether another is wanted.
  public static func sending(_ manners: WebManners) -> [PluginSetting] {
    common(manners).filter { !["retries", "concurrency"].contains($0.name) }
  }

  static let common: [PluginSetting] = [
    PluginSetting("base_url", .text, meaning: "the server's address, that paths are appended to"),
    PluginSetting(
      "rate", .list, meaning: "the most requests in a length of time: 2/s, 60/m, 5/h, 25/d; several at once"),
    PluginSetting(
      "allow_private", .flag, meaning: "whether addresses of this machine and its network may be asked; false"),
    PluginSetting("proxy", .text, meaning: "a proxy, such as http://127.0.0.1:3128 or socks5h://127.0.0.1:1080"),
    PluginSetting("user_agent", .text, meaning: "what the client calls itself"),
    PluginSetting("timeout", .duration, meaning: "the most that one try may take, redirects included; 30s"),
    PluginSetting("connect_timeout", .duration, meaning: "the most that a connection may take; 10s"),
    PluginSetting("idle_timeout", .duration, meaning: "how long nothing may come; 15s"),
    PluginSetting("max_body", .text, meaning: "the longest answer, decompressed: 500kB, 32MB; 32MB"),
    PluginSetting("max_wait", .duration, meaning: "the longest that a request waits for its turn; 2m"),
    PluginSetting("concurrency", .number, meaning: "requests at once, 1 to 64; 2"),
    PluginSetting("retries", .number, meaning: "further tries after a fault that may pass, 0 to 10; 3"),
  ]

  public init(settings: PluginSettings, manners: WebManners) throws(Faults) {
    var reader = SettingsReader(settings: settings)
    var base = settings.text("base_url") ?? manners.baseURL
    while base.hasSuffix("/") { base.removeLast() }
    baseURL = base
    if !manners.baseURL.isEmpty {
      reader.check(
        "base_url", isURL(base, schemes: ["http", "https"]) && !base.contains { "?#".contains($0) },
        "is https://host or http://host, a path behind it at most")
    }
    politeness.rate = reader.rate(settings.list("rate") ?? manners.rate)
    if settings.flag("allow_private") == true { limits.addresses = .any }
    limits.proxy = settings.text("proxy")
    if let proxy = limits.proxy {
      let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
      // Not repeated: it may hold a password.
      let fits = isURL(proxy, schemes: schemes)
      reader.check("proxy", fits, "is a URL with one of \(schemes.joined(separator: ", "))", found: nil)
    }
    if let agent = settings.text("user_agent") {
      limits.userAgent = agent
      reader.check("user_agent", agent.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }, "is one line of text")
    }
    reader.duration("timeout", &limits.timeout, most: 3_600_000)
    reader.duration("connect_timeout", &limits.connectTimeout, most: 3_600_000)
    reader.duration("idle_timeout", &limits.idleTimeout, most: 3_600_000)
    reader.duration("max_wait", &politeness.longestWait, most: 86_400_000)
    reader.count("concurrency", &politeness.concurrency, 1...64)
    reader.count("retries", &politeness.retries, 0...10)
    if let text = settings.text("max_body") {
      let bytes = Self.bytes(text)
      reader.check("max_body", bytes != nil, "is a size from 1kB to 1GB, such as 500kB or 32MB")
      limits.maxBody = bytes ?? limits.maxBody
    }
    guard reader.faults.isEmpty else { throw Faults(faults: reader.faults) }
  }

  /// The same for what sends. A message goes to the server that the configuration names and to no other.
  public var sendingOnce: FetchSettings {
    var settings = self
    settings.limits.maxRedirects = 0
    settings.politeness.retries = 0
    settings.politeness.concurrency = 1
    return settings
  }

  /// A client for one source. Clients share the loop; each keeps its own rates, breaker and documents. What the log
  /// remembers counts towards rates by the hour and by the day.
  public func client(
    on loop: TransferLoop, now: @escaping @Sendable () -> Instant,
    sleep: @escaping @Sendable (_ milliseconds: Int64) async throws -> Void,
    random: @escaping @Sendable () -> Double, log: (any RequestLog)? = nil
  ) -> any WebClient {
    RevalidatingClient(
      PoliteClient(CurlClient(limits, on: loop), politeness, now: now, sleep: sleep, random: random, log: log))
  }

  /// A size in bytes; nil where the text is none from 1 kB to 1 GB.
  static func bytes(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units = ["kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000]
    guard let count = Int(digits), (1...1_000_000).contains(count),
      let unit = units[text.dropFirst(digits.count).drop { $0 == " " }.lowercased()],
      (1_000...1_000_000_000).contains(count * unit)
    else { return nil }
    return count * unit
  }
}
