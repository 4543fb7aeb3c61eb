import Storage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A copy of the database in a folder of its own, for what must change nothing; an empty one where there is none.
struct StoreCopy {
  let store: SQLiteStore
  private let folder: String

  init(of workspace: Workspace) async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "finstage-\(UUID().uuidString)").path()
    var settings = workspace.database
    let path = settings.path
    settings.path = "\(folder)/finstage.db"
    let target = settings
    do {
      try Output.makeFolder(of: target.path)
      if FileManager.default.fileExists(atPath: path) {
        try await storing { () async throws(StoreError) in try await Backup.make(of: path, to: target.path) }
      }
      store = try await storing { () async throws(StoreError) in try SQLiteStore(target, for: .writing) }
    } catch {
      try? FileManager.default.removeItem(atPath: folder)
      throw error
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
