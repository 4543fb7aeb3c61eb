#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Notices that files change, appear or vanish, by their modification times and sizes.
struct WatchedFiles {
  private struct Stamp: Hashable {
    var modified: Date?
    var size: Int
  }

  private let config: String
  private var files: [String] = []
  private var stamps: [String: Stamp] = [:]
  /// What was seen at the last look, where it differs: an editor may still be at it.
  private var unsettled: [String: Stamp]?

  init(config: String) { self.config = config }

  /// Takes the files as they are now for what is known.
  mutating func look(at files: [String]) {
    self.files = files
    stamps = found
    unsettled = nil
  }

  /// Whether something is otherwise than it was known, and has been the same in two looks.
  var haveChanged: Bool {
    mutating get {
      let now = found
      guard now != stamps else {
        unsettled = nil
        return false
      }
      defer { unsettled = now }
      return now == unsettled
    }
  }

  /// The files that are there now, and those beside them.
  private var found: [String: Stamp] {
    var stamps: [String: Stamp] = [:]
    let folders = Set(files.map { file in file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "." })
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for path in names.map({ "\(folder)/\($0)" }) where path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
        stamps[path] = stamp(path)
      }
    }
    for file in [config] + files { stamps[file] = stamp(file) }
    return stamps
  }

  private func stamp(_ path: String) -> Stamp? {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
    return Stamp(modified: attributes[.modificationDate] as? Date, size: (attributes[.size] as? Int) ?? 0)
  }
}
