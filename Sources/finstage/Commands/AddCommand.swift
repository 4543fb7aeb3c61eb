import ArgumentParser

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct AddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Takes somebody's strategy file into the folder of the strategies.",
    discussion: """
      PLACE is an address (https, or http on this machine), a file: address or a path, with @ and the SHA-256 of the file
      that is meant behind it. Without it the file is fetched, its SHA-256 is told, and nothing is kept.
      Before it is kept the file is checked, its tests are run, and it is shown that it reads nothing of the future.
      Exits with 1 where anything speaks against it.
      """)

  @Argument(help: ArgumentHelp("The file, with @ and its SHA-256.", valueName: "PLACE"))
  var place: String
  @OptionGroup var config: ConfigOption
  @Flag(help: "Replaces another file of the same name.")
  var replace = false
  @Flag(help: "Also asks addresses of this machine's network.")
  var allowPrivate = false

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let shared = try SharedPlace(place)
    let bytes = try await shared.fetch(allowingPrivate: allowPrivate)
    let found = SharedPlace.digest(of: bytes)
    guard let wanted = shared.digest else {
      throw Failure(
        .usage,
        "\(shared.text) has the SHA-256 \(found)\nread it, and if it is what you mean: finstage add \(shared.text)@\(found)"
      )
    }
    guard found == wanted else {
      throw Failure(
        .badAnswer,
        "\(shared.text) has the SHA-256 \(found), and \(wanted) was wanted: it is another file; nothing is kept")
    }
    let examination = try StrategyExamination(bytes, from: shared.text, in: workspace)
    for note in examination.notes { Terminal.say(note) }
    let path = "\(workspace.folder)/\(examination.name).yaml"
    try keep(bytes, as: examination.name, at: path, in: workspace)
  }

  private func keep(_ bytes: [UInt8], as name: String, at path: String, in workspace: Workspace) throws(Failure) {
    let others = ((try? workspace.files([])) ?? []).filter { Workspace.stem($0) == name && $0 != path }
    if let other = others.first {
      throw Failure(.usage, "there is a strategy \(name) already, at \(other); nothing is kept")
    }
    if let there = FileManager.default.contents(atPath: path) {
      if Array(there) == bytes { return Terminal.say("\(path): is there already, the same") }
      guard replace else {
        throw Failure(
          .usage,
          "\(path) is there already, with the SHA-256 \(SharedPlace.digest(of: Array(there))); --replace puts this one in its place"
        )
      }
    } else if FileManager.default.fileExists(atPath: path) {
      throw Failure(.usage, "\(path) is there already, and is no file that can be read")
    }
    try Output.write(bytes, to: path)
    Terminal.say("\(path): kept; a host that runs takes it up at once")
  }
}
