import Foundation
import HTTPTypes
import Storage
import Testing

@testable import HTTPAPI

/// Answers as gzip (RFC 1952), for those who take it.
@Suite struct CompressionTests {
  private func bytes(_ answer: Answer) -> [UInt8] {
    if case .bytes(let bytes) = answer.body { bytes } else { [] }
  }

  /// What `gzip` of the system reads in it.
  private func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(bytes))
    try input.fileHandleForWriting.close()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return Array(data)
  }

  @Test func `a long text is sent short to who takes gzip, and is the same text`() async throws {
    let gate = GateFixture(anonymous: .read).gate()
    let plain = await gate.ask(.get, "/long")
    let packed = await gate.ask(.get, "/long", [("Accept-Encoding", "br, gzip;q=0.5")])
    #expect(packed.header("Content-Encoding") == "gzip" && bytes(packed).count < bytes(plain).count / 10)
    #expect(try unpacked(bytes(packed)) == bytes(plain))
    #expect(plain.header("Content-Encoding") == nil)
    #expect(plain.header("Vary") == "Accept-Encoding" && packed.header("Vary") == "Accept-Encoding")
  }

  @Test func `each form has its own tag, which is told to who has it`() async {
    let gate = GateFixture(anonymous: .read).gate()
    let gzip = ("Accept-Encoding", "gzip")
    let (plain, packed) = (await gate.ask(.get, "/long"), await gate.ask(.get, "/long", [gzip]))
    let (tag, other) = (plain.header("ETag") ?? "", packed.header("ETag") ?? "")
    #expect(tag != other && other.hasSuffix("-gzip\""))
    #expect(await gate.ask(.get, "/long", [("If-None-Match", tag)]).status == 304)
    let again = await gate.ask(.get, "/long", [gzip, ("If-None-Match", other)])
    #expect(again.status == 304 && bytes(again).isEmpty && again.header("Content-Encoding") == nil)
    #expect(again.header("Vary") == "Accept-Encoding" && again.header("ETag") == other)
    #expect(await gate.ask(.get, "/long", [gzip, ("If-None-Match", tag)]).status == 200)
    #expect(await gate.ask(.get, "/long", [("If-None-Match", other)]).status == 200)
  }

  @Test func `short answers and streams stay as they are`() async {
    let gate = GateFixture(anonymous: .read).gate()
    let short = await gate.ask(.get, "/things", [("Accept-Encoding", "gzip")])
    #expect(short.header("Content-Encoding") == nil && short.header("Vary") == nil)
  }

  // RFC 9110, 12.5.3: a weight of 0 is a refusal; * stands for what is not named.
  @Test(arguments: [
    ("gzip", true), ("GZIP", true), ("x-gzip", true), ("br, gzip", true), ("*", true), ("gzip;q=0.001", true),
    ("", false), ("br", false), ("gzip;q=0", false), ("gzip; q=0.0", false), ("*;q=0", false), ("*, gzip;q=0", false),
    ("identity", false), ("gzip;q=x", false),
  ])
  func `what a caller takes is read as it is meant`(_ header: String, _ isTaken: Bool) {
    #expect(Compression.isTaken(header) == isTaken)
  }

  @Test func `pictures are not texts`() {
    for type in ["text/html; charset=utf-8", "application/json", "application/problem+json", "image/svg+xml"] {
      #expect(Compression.isText(type), "\(type)")
    }
    for type in ["image/png", "text/event-stream", "application/gzip", "application/octet-stream"] {
      #expect(!Compression.isText(type), "\(type)")
    }
  }
}
