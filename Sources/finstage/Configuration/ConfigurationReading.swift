import Engine
import Pipelines
import Storage

/// A configuration that was read and found sound, with what to compare a later reading with.
struct ConfigurationReading {
  let workspace: Workspace
  let configuration: Configuration
  let sections: ConfigurationSections

  init(_ option: ConfigOption) throws(Failure) {
    // First what is compared: a change in between is then seen as one.
    let sections = ConfigurationSections(path: option.path)
    let workspace = try Workspace.sound(option)
    guard let configuration = workspace.configuration else {
      throw Failure(.usage, "there is no file \(option.path); `finstage init` writes one")
    }
    self.workspace = workspace
    self.configuration = configuration
    self.sections = sections.with(templatesOf: configuration)
  }

  /// What a look at the files has found.
  enum Look {
    /// The configuration says what it said; strategies may be others.
    case same
    case faulty([String])
    /// What is to be run from now on, and the keys that say something else.
    case changed(ConfigurationReading, [String])
  }

  /// Looks at the file again. A configuration under which a strategy that is sound now could not be read is faulty.
  ///
  /// - Parameter refused: one that was tried and could not be run.
  func look(_ option: ConfigOption, refused: ConfigurationSections?) -> Look {
    let found = ConfigurationSections(path: option.path).with(templatesOf: configuration)
    guard found != sections else { return .same }
    do throws(Failure) {
      let fresh = try ConfigurationReading(option)
      let changes = sections.changes(to: fresh.sections)
      guard !changes.isEmpty, fresh.sections != refused else { return .same }
      let before = Set(try LiveWorkspace(workspace).faults.map(\.name))
      let faults = try LiveWorkspace(fresh.workspace).faults.filter { !before.contains($0.name) }
      return faults.isEmpty ? .changed(fresh, changes) : .faulty(faults.flatMap(\.faults))
    } catch {
      return .faulty([error.message])
    }
  }

  /// What a reading changes that this process cannot take up.
  func needsRestart(for fresh: ConfigurationReading) -> String? {
    guard workspace.database != fresh.workspace.database else { return nil }
    return "storage: another database, or other settings of it, want a restart; the one that is open stays"
  }
}

extension LiveWorkspace {
  /// The faulty files.
  var faults: [(name: String, faults: [String])] {
    found.compactMap { if case .faulty(let name, let faults) = $0 { (name, faults) } else { nil } }
  }
}
