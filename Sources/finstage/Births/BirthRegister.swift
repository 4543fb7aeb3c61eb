import Backtesting
import Pipelines
import Storage
import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The births that the store knows, and those of strategies as they are now.
struct BirthRegister: Sendable {
  private var byStrategy: [String: [BirthRecord]] = [:]

  init(_ records: [BirthRecord] = []) {
    byStrategy = Dictionary(grouping: records, by: \.strategy)
  }

  var isEmpty: Bool { byStrategy.isEmpty }

  /// The birth of a strategy's rule; nil where it was never stamped under this name.
  func birth(of strategy: String, rule: ConfigurationHash) -> RuleBirth? {
    let records = byStrategy[strategy] ?? []
    return records.first { $0.rule == rule.description }.map { birth($0, among: records) }
  }

  func birth(of strategy: Strategy) -> RuleBirth? {
    guard byStrategy[strategy.name] != nil else { return nil }
    var hashes = RuleHashes()
    return birth(of: strategy.name, rule: hashes.hash(of: strategy))
  }

  /// The birth of the rule that the strategy had when it was last stamped.
  func current(of strategy: String) -> RuleBirth? {
    let records = byStrategy[strategy] ?? []
    return records.first(where: \.isCurrent).map { birth($0, among: records) }
  }

  private func birth(_ record: BirthRecord, among records: [BirthRecord]) -> RuleBirth {
    RuleBirth(
      rule: ConfigurationHash(record.rule) ?? ConfigurationHash(of: Array(record.rule.utf8)), seen: record.seen,
      ancestor: record.ancestor.flatMap { ConfigurationHash($0) }, rules: records.count)
  }
}

extension Workspace {
  /// Whether there is a database that births can be read from and stamped into.
  var hasStore: Bool { configuration != nil && FileManager.default.fileExists(atPath: database.path) }

  /// What the store knows of births: nothing where there is no store. One that cannot be read is told, and no more: no
  /// figure is wrong for that, it is only not divided.
  func births() async -> BirthRegister {
    guard hasStore else { return BirthRegister() }
    do throws(StoreError) { return BirthRegister(try await reading().births()) } catch {
      Terminal.say("figures are not divided by the births of the rules: \(error)")
      return BirthRegister()
    }
  }
}
