import ArgumentParser
import Storage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct BackupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copies the database to a file, also while the service runs.",
    discussion: """
      The copy is one consistent state. It is read back whole before it takes its name. --rotate makes one in the folder
      of storage: backup: in the configuration, and takes the oldest away beyond `keep`.
      """)

  @OptionGroup var config: ConfigOption
  @Argument(help: ArgumentHelp("A file that is not there yet.", valueName: "FILE"))
  var file: String?
  @Flag(help: "Into the folder of the configuration, with rotation.")
  var rotate = false

  func validate() throws {
    if (file == nil) != rotate { throw ValidationError("name a FILE, or say --rotate") }
  }

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let path = workspace.database.path
    guard let file else {
      guard let configuration = workspace.configuration, let backup = configuration.storage.backup else {
        throw Failure(.usage, "--rotate needs storage: { backup: { folder: … } } in the configuration")
      }
      let folder = configuration.path(backup.folder)
      let now = Terminal.now
      let (made, removed) = try await storing { () async throws(StoreError) in
        try await Backup.rotate(of: path, in: folder, keep: backup.keep, now: now)
      }
      Terminal.print("\(made): a verified copy of \(path)" + removed.map { "\n\($0): removed" }.joined())
      return
    }
    if FileManager.default.fileExists(atPath: file) {
      throw Failure(.usage, "\(file) is there already, and is not overwritten")
    }
    try Output.makeFolder(of: file)
    try await storing { () async throws(StoreError) in try await Backup.make(of: path, to: file) }
    Terminal.print("\(file): a verified copy of \(path)")
  }
}

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Puts a backup in the database's place; the replaced database is kept.")

  @OptionGroup var config: ConfigOption
  @Argument(help: ArgumentHelp("A backup.", valueName: "FILE"))
  var file: String

  func run() async throws {
    let path = try Workspace.sound(config).database.path
    guard FileManager.default.fileExists(atPath: file) else { throw Failure(.usage, "there is no file \(file)") }
    let (file, now) = (file, Terminal.now)
    let aside = try await storing { () async throws(StoreError) in
      try await Restoration.restore(file, to: path, now: now)
    }
    Terminal.print("\(path): restored from \(file)" + (aside.map { "\n\($0): what was there before" } ?? ""))
  }
}
