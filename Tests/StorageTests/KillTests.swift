import Foundation
import StoreDrill
import TestSupport
import Testing
import Trading

@testable import Storage

/// A process that saves is killed wherever it is: nothing that it acknowledged may be lost, and nothing be there by
/// halves. KILLS says how often; `make soak-store` kills a hundred times.
@Suite(.serialized) struct KillTests {
  private static let kills = ProcessInfo.processInfo.environment["KILLS"].flatMap { Int($0) } ?? 5
  private static let parts = 400

  private static var writer: URL {
    var folders = [URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()]
    folders += Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    let programs = folders.map { $0.appending(path: "StoreWriter") }
    return programs.first { FileManager.default.isExecutableFile(atPath: $0.path()) } ?? programs[0]
  }

  /// Starts the writer; `shell` stands before it, to set limits.
  static func start(_ path: String, parts: Int, shell: String? = nil) throws -> (process: Process, output: URL) {
    let output = URL(filePath: path + ".said")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = shell == nil ? writer : URL(filePath: "/bin/sh")
    process.arguments =
      shell.map { ["-c", "\($0); exec \"$0\" \"$@\"", writer.path(), path, "\(parts)"] } ?? [path, "\(parts)"]
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, output)
  }

  /// What the database holds, which is sound and of whole parts.
  private func parts(in path: String) async throws -> Int {
    guard FileManager.default.fileExists(atPath: path) else { return 0 }
    let store = try SQLiteStore(SQLiteSettings(path: path), for: .writing)
    #expect(try await Diagnosis.faults(of: path) == [])
    let count = try await store.coverage(WrittenBars.key)?.count ?? 0
    let parts = count / WrittenBars.length
    #expect(count % WrittenBars.length == 0)
    guard parts > 0 else { return 0 }
    #expect(try await store.history(WrittenBars.key).bits == WrittenBars.whole(parts: parts).bits)
    #expect(try await store.asked(of: WrittenBars.key) == [WrittenBars.time(0)..<WrittenBars.time(count)])
    let replaced = try await store.replaced(WrittenBars.key, from: nil, to: nil)
    #expect(replaced.count == (parts - 1) * WrittenBars.corrected)
    try store.close()
    return parts
  }

  @Test func `kill -9 at any point loses nothing that was acknowledged, and the next start goes on`() async throws {
    var random = SplitMix(seed: 9)
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      var (killed, acknowledgements) = (0, 0)
      for _ in 0..<KillTests.kills {
        let (process, output) = try KillTests.start(path, parts: KillTests.parts)
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...250, using: &random)))
        if process.isRunning {
          kill(process.processIdentifier, SIGKILL)
          killed += 1
        }
        process.waitUntilExit()
        let said = try String(contentsOf: output, encoding: .utf8)
        #expect(!said.contains("failed"), "\(said)")
        let acknowledged = said.split(separator: "\n").compactMap { line in
          line.hasPrefix("saved ") ? Int(line.dropFirst(6)) : nil
        }
        acknowledgements += acknowledged.count
        let there = try await parts(in: path)
        if let last = acknowledged.last { #expect(there > last, "part \(last) was acknowledged") }
        if there == KillTests.parts { try FileManager.default.removeItem(atPath: path) }
      }
      #expect(killed > 0 && acknowledgements > 0)
      let (process, output) = try KillTests.start(path, parts: 20)
      process.waitUntilExit()
      #expect(try String(contentsOf: output, encoding: .utf8).hasSuffix("done\n"))
      #expect(try await parts(in: path) >= 20)
    }
  }

  @Test func `a file that may not grow is a clear error, and the next start goes on`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      // Blocks of 512 bytes: half a mebibyte of schema, and some parts.
      let (process, output) = try KillTests.start(path, parts: 60, shell: "trap '' XFSZ; ulimit -f 3000")
      process.waitUntilExit()
      let said = try String(contentsOf: output, encoding: .utf8)
      #expect(process.terminationStatus == 3)
      #expect(said.contains("failed: no room on the disk of \(path): nothing of this save was kept"), "\(said)")
      let acknowledged = said.split(separator: "\n").count { $0.hasPrefix("saved ") }
      #expect(acknowledged > 0)
      #expect(try await parts(in: path) == acknowledged)
      let (again, _) = try KillTests.start(path, parts: 60)
      again.waitUntilExit()
      #expect(again.terminationStatus == 0)
      #expect(try await parts(in: path) == 60)
    }
  }
}

/// A disk that runs full, where this process may mount one.
@Suite struct FullDiskTests {
  private static func run(_ program: String, _ arguments: String...) throws -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  @Test(.enabled(if: getuid() == 0 && FileManager.default.fileExists(atPath: "/bin/mount")))
  func `a full disk is a clear error, nothing is damaged, and the same store goes on once there is room`() async throws
  {
    try await inFolder { folder in
      guard try FullDiskTests.run("/bin/mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder) else {
        return  // Root of a container that may not mount; the limit on the size of files is tested besides.
      }
      defer { _ = try? FullDiskTests.run("/bin/umount", "-l", folder) }
      let path = "\(folder)/finstage.db"
      let ballast = URL(filePath: "\(folder)/ballast")
      try Data(count: 2 << 20).write(to: ballast)
      let store = try SQLiteStore(SQLiteSettings(path: path), for: .writing)
      var saved = 0
      func save() async throws -> StoreError? {
        let error = try await storeError {
          try await store.save(
            WrittenBars.part(saved), under: WrittenBars.key, fetchedAt: Instant(seconds: 1_700_000_000))
        }
        if error == nil { saved += 1 }
        return error
      }
      var error: StoreError?
      while error == nil, saved < 1_000 { error = try await save() }
      #expect(error == .diskFull(path: path) && error?.isTransient == true)
      #expect(saved > 0)
      // Once more, while it is still full.
      #expect(try await save() != nil)
      #expect(try await store.history(WrittenBars.key).bits == WrittenBars.whole(parts: saved).bits)

      try FileManager.default.removeItem(at: ballast)
      let before = saved
      for _ in 0..<3 { #expect(try await save() == nil) }
      #expect(saved == before + 3)
      #expect(try await store.history(WrittenBars.key).bits == WrittenBars.whole(parts: saved).bits)
      #expect(try await Diagnosis.faults(of: path) == [])
      try store.close()
    }
  }
}
