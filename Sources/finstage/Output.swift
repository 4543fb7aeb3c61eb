#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

enum Output {
  /// Writes a file whole or not at all; its folder is made.
  static func write(_ text: String, to path: String) throws(Failure) {
    do {
      if let slash = path.lastIndex(of: "/") {
        try FileManager.default.createDirectory(atPath: String(path[..<slash]), withIntermediateDirectories: true)
      }
      try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw Failure(.usage, "\(path): cannot be written: \(error)")
    }
  }

  /// Writes files that are not there yet; where one is, none is written.
  static func writeNew(_ files: [(path: String, text: String)]) throws(Failure) {
    for file in files where FileManager.default.fileExists(atPath: file.path) {
      throw Failure(.usage, "\(file.path) is there already, and is not overwritten")
    }
    for file in files { try write(file.text, to: file.path) }
  }
}
