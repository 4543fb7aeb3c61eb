import Foundation
import TestSupport

/// Servers that fail in every way, and repeat the secrets that they are asked with while they do. The first part of a
/// path says how.
struct CanaryServers {
  let web: FaultServer
  let mail: [String: FakeMailServer]
  /// A port at which nobody listens.
  let closed: UInt16

  /// What a server does by the name of its fault.
  static let faults: [String: @Sendable (Canary) -> FaultAnswer] = [
    "well": { _ in .json(#"{"ok":true,"result":{"message_id":1,"username":"fake_bot"}}"#) },
    "unauthorized": { .text("no such key: \($0.text)", status: 401) },
    "forbidden": { .json("{\"ok\":false,\"error_code\":403,\"description\":\"\($0.escaped)\"}", status: 403) },
    "missing": { .text("nothing at \($0.percentEncoded)", status: 404) },
    "bad": { .text("bad: \($0.escaped)", status: 400) },
    "many": { .status(429, headers: [("Retry-After", "1"), ("X-Key", $0.text)]) },
    "later": { .text("Basic \($0.base64)", status: 503) },
    "broken": { .text("broken \($0.text) \($0.percentEncoded) \($0.base64)", status: 500) },
    "elsewhere": { .redirect(to: "http://10.0.0.1/?key=\($0.percentEncoded)") },
    "file": { .redirect(to: "file:///\($0.percentEncoded)") },
    "reset": { _ in .reset() },
    "cut": { .reset(after: $0.text) },
    "garbage": { FaultAnswer([.send(Array("SSH-2.0-\($0.text)\r\n\r\n".utf8))]) },
    "page": { .text("<html>\($0.text)</html>", type: "text/html") },
    "odd": { .json("[\"\($0.escaped)\", \"\($0.base64)\"]") },
    "half": { .partial("{\"ok\": true, \"\($0.text)") },
    "silence": { _ in .silence },
    "zipped": { _ in .wrongGzip },
  ]

  /// The faults that each kind of channel meets: those of one web client are the same for all.
  func faults(of kind: String) -> [String] {
    switch kind {
    case "telegram": Array(CanaryServers.faults.keys) + Array(deadEnds.keys)
    case "hook": ["well", "unauthorized", "bad", "later", "broken", "elsewhere", "cut", "garbage", "odd"]
    default: ["missing", "broken", "odd"]
    }
  }

  /// Addresses of which no request comes back with an answer.
  var deadEnds: [String: String] {
    [
      "nobody": "http://127.0.0.1:\(closed)", "nameless": "http://nobody.invalid",
      "unsafe": "https://127.0.0.1:\(web.port)",
    ]
  }

  init() throws {
    web = try FaultServer { request, _ in
      let fault = CanaryServers.faults[String(request.path.split(separator: "/").first ?? "")]
      return fault?(CanaryServers.canary(of: request)) ?? .status(404)
    }
    let other = try FakeMailServer(login: ("me", "another"))
    let acts: [String: FakeMailServer.Act] = [
      "later": .says(.login, "454 4.7.0 not now: \(Canary.mail.base64)"),
      "never": .says(.from, "550 5.7.1 \(Canary.mail.text)"), "cut": .cut(.login), "silence": .silence(.login),
      "garbage": .says(.greeting, "SSH-2.0-\(Canary.mail.text)"),
    ]
    var mail = ["unauthorized": other]
    for (name, act) in acts {
      mail[name] = try FakeMailServer(login: ("me", Canary.mail.text))
      // Each try meets the same.
      mail[name]?.script([FakeMailServer.Act](repeating: act, count: 100))
    }
    self.mail = mail
    let gone = try FaultServer([:])
    closed = gone.port
    gone.stop()
  }

  func stop() {
    web.stop()
    for server in mail.values { server.stop() }
  }

  /// The secret that a request came with.
  private static func canary(of request: FaultServer.Request) -> Canary {
    if request.path.contains("/bot") { return .telegram }
    if request.path.contains("/query") { return .source }
    return request.headers["authorization"] == nil ? .address : .bearer
  }

  /// The channels, one for each fault and kind, and what is collected from one source each.
  var configuration: String {
    let limits = "rate: 100000/s, timeout: 400ms, connect_timeout: 400ms, allow_private: true"
    let places = CanaryServers.faults.keys.map { ($0, "\(web.url)/\($0)") } + deadEnds.map { ($0.key, $0.value) }
    var (channels, sources) = ([String](), [String]())
    for (name, place) in places.sorted(by: { $0.0 < $1.0 }) {
      channels.append(
        """
        telegram_\(name): { type: telegram, base_url: "\(place)", token: "${env:CANARY_TELEGRAM}", chat: "-1", \(limits) }
        """)
      if faults(of: "hook").contains(name) {
        channels.append(
          """
          hook_\(name): { type: webhook, url: "\(place)/hooks/${env:CANARY_ADDRESS}", secret: "${file:secrets/hook}",
                          token: "${file:secrets/bearer}", \(limits) }
          """)
      }
      if faults(of: "slack").contains(name) {
        channels.append("slack_\(name): { type: slack, url: \"\(place)/services/${file:secrets/address}\", \(limits) }")
      }
      sources.append(
        """
        \(name): { type: alpha_vantage, base_url: "\(place)", key: "${env:CANARY_SOURCE}", retries: 0, \(limits) }
        """)
    }
    for (name, server) in mail.sorted(by: { $0.key < $1.key }) {
      channels.append(mailChannel(name, "none", server.port))
      if name == "garbage" { channels.append(mailChannel("bare", "starttls", server.port)) }
    }
    channels += [mailChannel("unsafe", "tls", web.port), mailChannel("nobody", "none", closed)]
    func block(_ lines: [String]) -> String {
      lines.flatMap { $0.split(separator: "\n") }.map { "  \($0)" }.joined(separator: "\n")
    }
    return """
      locale: en
      timezone: UTC
      storage: { sqlite: data/f.db }
      strategies: strategies
      sources:
        files: { type: csv, path: "prices/*.csv" }
      \(block(sources))
      collect:
        - { source: files, symbols: [X], timeframe: 1m }
      \(block(places.map { "- { source: \($0.0), symbols: [S\($0.0)], timeframe: 1d, exchange: XNYS }" }.sorted()))
      channels:
        book: { type: file, path: told.jsonl }
      \(block(channels))
      routes: [{ channels: [book, \(channelNames(channels).joined(separator: ", "))] }]
      notify: { max_age: 365d, cooldown: 0 }
      schedule:
        - { job: evaluate, every: 1s }
        - { job: collect, every: 2s }

      """
  }

  private func channelNames(_ channels: [String]) -> [String] {
    channels.compactMap { $0.split(separator: ":").first.map(String.init) }
  }

  private func mailChannel(_ name: String, _ security: String, _ port: UInt16) -> String {
    """
    mail_\(name): { type: email, host: 127.0.0.1, port: \(port), security: \(security), user: me,
                    password: "${file:secrets/mail}", from: host@example.com, to: [me@example.com], timeout: 400ms,
                    connect_timeout: 400ms, allow_private: true }
    """
  }
}
