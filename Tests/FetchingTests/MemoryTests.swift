#if os(Linux)
import Foundation
import PluginKit
import TestSupport
import Testing

@testable import Fetching

/// In a process of their own, where no other test takes memory.
@Suite struct MemoryTests {
  @Test func `a gigabyte, plain or decompressed, takes a few megabytes`() async {
    await #expect(processExitsWith: .success) {
      let server = try FaultServer([
        "/small": [.text("warm")], "/bomb": [.gzipBomb()], "/body": [.endless()], "/headers": [.headerFlood],
      ])
      let client = CurlClient(limits { $0.maxBody = 4_000_000 }, on: TransferLoop())
      // What libcurl takes itself is no part of it.
      _ = try await client.send(WebRequest(server.url + "/small"))
      let before = try peakKilobytes()
      for path in ["/bomb", "/body", "/headers", "/bomb", "/body", "/headers"] {
        let result = await send(WebRequest(server.url + path), with: client)
        guard result.cause == .tooLarge else { exit(2) }
      }
      let growth = try peakKilobytes() - before
      print("the peak grew by \(growth) kB")
      exit(growth < 24_000 ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }
}

/// The most memory that this process has held.
private func peakKilobytes() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return try #require(line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
}
#endif
