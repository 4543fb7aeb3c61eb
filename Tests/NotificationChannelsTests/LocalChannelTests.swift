import Foundation
import PluginKit
import Testing

@testable import NotificationChannels

/// The channels that need no server.
@Suite struct LocalChannelTests {
  private let message = ChannelMessage(id: "K7Q2", title: "t", text: "up\u{1B}[2J 3 < 4\n\"K7Q2\"")

  @Test func `the console shows the text without what steers a terminal`() async throws {
    let test = TestHost()
    let channel = try Console(settings: [:], host: test.host)
    #expect(await channel.send(message) == .sent())
    #expect(test.shown == ["up [2J 3 < 4\n\"K7Q2\""])
  }

  @Test func `a file gets a line of JSON a message, for its owner alone`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let channel = try LinesFile(settings: ["path": "var/out.jsonl"], host: TestHost(folder: folder.path).host)
    #expect(try await channel.check().contains("can be written"))
    #expect(await channel.send(message) == .sent())
    #expect(await channel.send(message) == .sent())
    let file = folder.appending(path: "var/out.jsonl")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 2)
    let read = try JSONSerialization.jsonObject(with: Data(lines[1].utf8)) as? NSDictionary
    #expect(read?["text"] as? String == message.text && read?["id"] as? String == "K7Q2")
    let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? NSNumber
    #expect(mode?.intValue == 0o600)
  }

  @Test func `a file that cannot be opened, or is full, is not sent, and no half line stays`() async throws {
    let none = try LinesFile(settings: ["path": "/proc/no/such/folder/x"], host: TestHost().host)
    #expect(await none.send(message).kind == "notSent")
    await #expect(throws: ChannelError.self) { try await none.check() }
    // The device that is always full.
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let full = try LinesFile(settings: ["path": "/dev/full"], host: TestHost().host)
    let delivery = await full.send(message)
    #expect(["notSent", "unknown"].contains(delivery.kind), "\(delivery)")
    #expect(delivery.reason?.contains("cannot be written") == true)
  }

  @Test func `a path that is none is a fault`() {
    for path in ["", "a/"] {
      #expect(throws: ChannelError.self) { try LinesFile(settings: ["path": .text(path)], host: TestHost().host) }
    }
  }
}
