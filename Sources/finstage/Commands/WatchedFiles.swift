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

  /// Says which files are meant at the moment.
  private let files: () -> [String]
  private let known: [String: Stamp]
  /// What the last look found, where that is not what is known: an editor may still be at it.
  private var unsettled: [String: Stamp]?

  /// Takes the files as they are now for what is known.
  init(files: @escaping () -> [String]) {
    self.files = files
    known = WatchedFiles.stamps(of: files())
  }

  /// Whether something is otherwise than it was known, and has been the same in two looks.
  var haveChanged: Bool {
    mutating get {
      let now = WatchedFiles.stamps(of: files())
      defer { unsettled = now == known ? nil : now }
      return now != known && now == unsettled
    }
  }

  private static func stamps(of files: [String]) -> [String: Stamp] {
    var stamps: [String: Stamp] = [:]
    for file in files {
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: file) else { continue }
      stamps[file] = Stamp(
        modified: attributes[.modificationDate] as? Date, size: (attributes[.size] as? Int) ?? 0)
    }
    return stamps
  }
}
