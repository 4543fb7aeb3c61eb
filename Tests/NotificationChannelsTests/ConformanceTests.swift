import Foundation
import PluginKit
import TestSupport
import Testing

@testable import NotificationChannels

/// What holds for every channel of the list.
@Suite struct ConformanceTests {
  static let canary = "CANARY-s3cr3t/9+x"
  static let message = ChannelMessage(
    id: "K7Q2", title: "^IXIC: buy", text: "^IXIC buy at 101 · K7Q2",
    fields: [
      "symbol": "^IXIC", "client_order_id": "K7Q2", "intent": "{\"text\":\"buy at 101\"}",
      "expiry": "2099-01-01T00:00:00Z",
    ])

  struct Subject: Sendable, CustomTestStringConvertible {
    let type: any NotificationChannel.Type
    var testDescription: String { type.id }

    /// Settings with a canary for each secret, for a server on this machine.
    func settings(_ url: String, _ secret: String = ConformanceTests.canary, folder: String = "") -> PluginSettings {
      var settings: PluginSettings = [:]
      if type.web?.baseURL.isEmpty == false { settings.values["base_url"] = .text(url) }
      for setting in type.settings where setting.isSecret { settings.values[setting.name] = .text(secret) }
      for setting in type.settings where setting.isRequired && !setting.isSecret {
        settings.values[setting.name] = .text(
          ["chat": "-100123", "host": "127.0.0.1", "url": "http://h"][setting.name] ?? setting.name)
      }
      if type.settings.contains(where: { $0.name == "url" }) {
        let path =
          secret.hasPrefix("${") && !["webhook", "order_intent"].contains(type.id)
          ? secret : "\(url)/hooks/CANARY-s3cr3t-9x/?key=CANARY-s3cr3t-9y"
        settings.values["url"] = .text(path)
      }
      if type.settings.contains(where: { $0.name == "topic" }), !secret.hasPrefix("${") {
        settings.values["topic"] = "CANARY-s3cr3t-9z"
      }
      if type.mails {
        settings.values.merge([
          "from": "a@example.com", "to": "b@example.com", "security": "none", "user": "me",
          "port": .text(String(url.split(separator: ":").last ?? "1")),
        ]) { _, new in new }
      }
      if type.takesOrders { settings.values.merge(["enabled": "true", "dry_run": "false"]) { _, new in new } }
      if type.id == "file" { settings.values["path"] = .text("\(folder)/messages.jsonl") }
      return settings
    }
  }

  static let all = notificationChannels.map { Subject(type: $0) }
  static let asking = all.filter { $0.type.web != nil }

  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let answer: FaultAnswer
    let kind: String
    var retryAfter: Double?
    /// What it is for a server of any make, whose answers have no form.
    var kindForAny: String?
  }

  static let faults = [
    Fault(testDescription: "429", answer: .tooMany(retryAfter: "7"), kind: "notSent", retryAfter: 7),
    Fault(testDescription: "429 for long", answer: .tooMany(retryAfter: "3600"), kind: "notSent", retryAfter: 3_600),
    Fault(
      testDescription: "503", answer: .status(503, headers: [("Retry-After", "9")]), kind: "notSent", retryAfter: 9),
    Fault(testDescription: "408", answer: .status(408), kind: "notSent"),
    Fault(testDescription: "500", answer: .status(500), kind: "unknown"),
    Fault(testDescription: "502", answer: .text("<html>bad gateway</html>", status: 502), kind: "unknown"),
    Fault(testDescription: "504", answer: .text("<html>too late</html>", status: 504), kind: "unknown"),
    Fault(testDescription: "400", answer: .status(400), kind: "refused"),
    Fault(testDescription: "413", answer: .status(413), kind: "refused"),
    Fault(testDescription: "401", answer: .status(401), kind: "unusable"),
    Fault(testDescription: "403", answer: .status(403), kind: "unusable"),
    Fault(testDescription: "404", answer: .status(404), kind: "unusable"),
    Fault(testDescription: "410", answer: .status(410), kind: "unusable"),
    Fault(testDescription: "elsewhere", answer: .redirect(to: "/other", status: 308), kind: "unusable"),
    Fault(testDescription: "see other", answer: .redirect(to: "/other", status: 303), kind: "unknown"),
    Fault(testDescription: "a page", answer: .htmlInstead, kind: "unknown", kindForAny: "sent"),
    Fault(testDescription: "silence", answer: .silence, kind: "unknown"),
    Fault(testDescription: "a byte at a time", answer: .drip(every: 20), kind: "unknown"),
    Fault(testDescription: "reset", answer: .reset(), kind: "unknown"),
    Fault(testDescription: "reset within", answer: .reset(after: "{"), kind: "unknown"),
    Fault(testDescription: "a part", answer: .partial("{\"ok\":"), kind: "unknown"),
    Fault(testDescription: "no HTTP", answer: .garbage, kind: "unknown"),
    Fault(testDescription: "wrong gzip", answer: .wrongGzip, kind: "unknown"),
    Fault(testDescription: "gzip bomb", answer: .gzipBomb(), kind: "unknown"),
    Fault(testDescription: "a gigabyte", answer: .endless(), kind: "unknown"),
  ]

  @Test(.timeLimit(.minutes(10)), arguments: asking, faults)
  func `a fault of the server is the delivery that it allows, asked once, and shows no secret`(
    _ subject: Subject, _ fault: Fault
  ) async throws {
    let server = try FaultServer { _, _ in fault.answer }
    defer { server.stop() }
    let channel = try subject.type.init(settings: subject.settings(server.url), host: TestHost().host)
    let delivery = await channel.send(Self.message)
    var kind = ["webhook", "order_intent"].contains(subject.type.id) ? fault.kindForAny ?? fault.kind : fault.kind
    // What the receiver of orders has answered is final, whatever it is.
    if subject.type.takesOrders, ["notSent", "unusable"].contains(kind) { kind = "refused" }
    #expect(delivery.kind == kind, "\(delivery)")
    #expect(delivery.retryAfter == (kind == "refused" ? nil : fault.retryAfter), "\(delivery)")
    #expect(server.requests.count == 1)
    try Self.look(at: delivery.reason ?? "\(subject.type.id): ", subject)
    do {
      try Self.look(at: "\(subject.type.id): \(await channel.check())", subject)
    } catch {
      try Self.look(at: "\(error)", subject)
    }
    #expect(server.requests.dropFirst().allSatisfy { $0.method == "GET" && $0.body.isEmpty })
  }

  @Test(arguments: asking)
  func `a server that repeats what it was asked brings no secret into a message`(_ subject: Subject) async throws {
    let server = try FaultServer { request, _ in
      let headers = request.headers.map { "\($0): \($1)" }.sorted().joined(separator: " ")
      let words = "\u{1B}[2J \(request.target) \(headers) \(String(decoding: request.body, as: UTF8.self))"
      return .text(words.replacing("Bearer ", with: ""), status: 400)
    }
    defer { server.stop() }
    let channel = try subject.type.init(settings: subject.settings(server.url), host: TestHost().host)
    let delivery = await channel.send(Self.message)
    #expect(delivery.kind == "refused")
    try Self.look(at: delivery.reason ?? "", subject)
  }

  private static func look(at said: String, _ subject: Subject) throws {
    #expect(said.hasPrefix("\(subject.type.id): "), "\(said)")
    #expect(!said.contains("CANARY") && !said.contains("s3cr3t") && !said.contains("\u{1B}"), "\(said)")
    #expect(said.count < 600)
  }

  @Test(arguments: all.filter { $0.type.web != nil || $0.type.mails })
  func `where nobody is there, it is certain that nothing was sent`(_ subject: Subject) async throws {
    let server = try FaultServer { _, _ in .silence }
    server.stop()
    let channel = try subject.type.init(settings: subject.settings(server.url), host: TestHost().host)
    let delivery = await channel.send(Self.message)
    #expect(delivery.kind == "notSent", "\(delivery)")
    try Self.look(at: delivery.reason ?? "", subject)
  }

  @Test(arguments: asking)
  func `an address that the configuration does not admit makes a channel unusable`(_ subject: Subject) async throws {
    let settings = subject.settings("http://10.1.2.3")
    let delivery = await (try subject.type.init(settings: settings, host: TestHost().host)).send(Self.message)
    #expect(delivery.kind == "unusable" && delivery.reason?.contains("10.1.2.3") == true, "\(delivery)")
  }

  @Test(arguments: all.filter { subject in subject.type.settings.contains { $0.isSecret } })
  func `a secret that is not set on this machine parks the channel before anybody is asked`(_ subject: Subject)
    async throws
  {
    let server = try FaultServer { _, _ in .json("{}") }
    defer { server.stop() }
    let settings = subject.settings(server.url, "${env:NOT_HERE}")
    let channel = try subject.type.init(settings: settings, host: TestHost().host)
    let delivery = await channel.send(Self.message)
    #expect(delivery.kind == "unusable" && delivery.reason?.contains("${env:NOT_HERE}") == true, "\(delivery)")
    await #expect(throws: ChannelError.self) { try await channel.check() }
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: all)
  func `what would be sent holds text and id and no secret, and asks nobody`(_ subject: Subject) throws {
    let server = try FaultServer { _, _ in .json("{}") }
    defer { server.stop() }
    let channel = try subject.type.init(settings: subject.settings(server.url), host: TestHost().host)
    let shown = channel.preview(Self.message).joined(separator: "\n")
    #expect(shown.contains("buy at 101") && shown.contains("K7Q2"), "\(shown)")
    #expect(!shown.contains("CANARY"), "\(shown)")
    #expect(server.requests.isEmpty)
  }

  @Test(arguments: all)
  func `settings are named once, said in a line, and those that are keys are secrets`(_ subject: Subject) {
    let settings = subject.type.settings
    #expect(Set(settings.map(\.name)).count == settings.count)
    // The address of a server of one's own is none that lets everybody write.
    let secrets =
      ["token", "secret", "password", "topic"] + (["webhook", "order_intent"].contains(subject.type.id) ? [] : ["url"])
    for setting in settings {
      #expect(!setting.meaning.isEmpty && !setting.meaning.contains("\n"))
      #expect(setting.isSecret == secrets.contains(setting.name))
    }
    #expect(subject.type.summary.hasSuffix("."))
  }

  @Test func `the list is alphabetical and holds every file of the folder`() throws {
    let ids = notificationChannels.map { $0.id }
    #expect(ids == ids.sorted() && Set(ids).count == ids.count)
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let folder = "\(root)/Plugins/NotificationChannels"
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { name in
      try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).contains(": NotificationChannel {")
    }
    #expect(Set(files.map { String($0.dropLast(6)) }) == Set(notificationChannels.map { "\($0)" }))
  }
}
