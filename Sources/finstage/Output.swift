#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

enum Output {
  /// Writes a file whole or not at all; its folder is made.
  static func write(_ text: String, to path: String) throws(Failure) { try write(Array(text.utf8), to: path) }

  static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
    do {
      try makeFolder(of: path)
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.usage, "\(path): cannot be written: \(error)")
    }
  }

  /// Makes the folder that a file stands in.
  static func makeFolder(of path: String) throws(Failure) {
    guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
    do {
      try FileManager.default.createDirectory(atPath: String(path[..<slash]), withIntermediateDirectories: true)
    } catch {
      throw Failure(.usage, "\(path[..<slash]): cannot be made: \(error)")
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
