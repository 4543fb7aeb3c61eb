public import PluginKit
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Messages as lines of JSON at the end of a file, which is made with its folder. A message is sent once its line is on
/// the disk (fsync).
public struct LinesFile: NotificationChannel {
  public static let id = "file"
  public static let summary = "Messages as lines of JSON at the end of a file."
  public static let settings = [
    PluginSetting("path", .text, required: true, meaning: "the file, relative to the config's folder")
  ]

  private let path: String
  private let now: @Sendable () -> String

  public init(settings: PluginSettings, host: ChannelHost) throws(ChannelError) {
    let path = settings.text("path") ?? ""
    guard !path.isEmpty, !path.hasSuffix("/"), !path.utf8.contains(0) else {
      throw .badSetting(name: "path", "is a file; found \"\(path)\"")
    }
    self.path = path.hasPrefix("/") || host.baseDirectory.isEmpty ? path : "\(host.baseDirectory)/\(path)"
    let clock = host.now
    now = { clock().description }
  }

  public func check() async throws(ChannelError) -> String {
    do throws(Fault) {
      let file = try open()
      close(file)
    } catch {
      throw .unavailable(error.sentence)
    }
    return "\(path) can be written"
  }

  public func send(_ message: ChannelMessage) async -> Delivery {
    let line = ChannelServer.json(MessageDocument(message, at: now())) + [UInt8(ascii: "\n")]
    let file: Int32
    do throws(Fault) { file = try open() } catch { return .notSent(error.sentence) }
    defer { close(file) }
    // Two hosts, or a person's script, may write to one file.
    guard flock(file, LOCK_EX) == 0 else { return .notSent(fault("cannot be locked").sentence) }
    let end = lseek(file, 0, SEEK_END)
    var written = 0
    while written < line.count {
      let count = line.withUnsafeBytes { write(file, $0.baseAddress.map { $0 + written }, line.count - written) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let reason = fault("cannot be written").sentence
        // Half a line would spoil the next one.
        return ftruncate(file, end) == 0 ? .notSent(reason) : .unknown(reason)
      }
      written += count
    }
    return fsync(file) == 0 ? .sent() : .unknown(fault("may not be on the disk").sentence)
  }

  public func preview(_ message: ChannelMessage) -> [String] {
    [String(decoding: ChannelServer.json(MessageDocument(message, at: now())), as: UTF8.self)]
  }

  private struct Fault: Error { let sentence: String }

  private func open() throws(Fault) -> Int32 {
    var file = systemOpen(path)
    if file < 0, errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
      try? FileManager.default.createDirectory(atPath: String(path[..<slash]), withIntermediateDirectories: true)
      file = systemOpen(path)
    }
    guard file >= 0 else { throw fault("cannot be opened") }
    return file
  }

  private func fault(_ words: String) -> Fault {
    Fault(sentence: "\(LinesFile.id): \(path): \(words): \(String(cString: strerror(errno)))")
  }
}

/// Readable by its owner alone: what a strategy says is nobody else's.
private func systemOpen(_ path: String) -> Int32 { open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600) }
