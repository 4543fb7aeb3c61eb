import PluginKit
import Trading

extension StrategyReader {
  static let memberLimit = 100

  /// Reads `kind: portfolio`.
  func portfolio(_ root: YAMLValue, _ folder: String?, _ diagnostics: Diagnostics) -> Portfolio? {
    guard var file = MappingReader(root, "a portfolio", diagnostics) else { return nil }
    _ = file.take("kind")
    let head = head(&file)
    let named = file.require("strategies", hint: "the names of strategies: strategies: [golden-cross, turtle-55]")
    let strategies = members(named, of: head.name, folder, diagnostics)
    let given = file.take("symbols")
    let symbols = symbols(given, "symbols", diagnostics)
    let weighting = weighting(&file)
    let limit = diagnostics.whole(file.take("max_positions"), "max_positions", 1...StrategyReader.topLimit)
    let words = Portfolio.Conflict.allCases.map(\.rawValue)
    let conflict = diagnostics.word(file.take("on_conflict"), "on_conflict", of: words)
    let rebalance = period(file.take("rebalance"), nil, diagnostics)
    let notify = notify(file.entry("notify"), diagnostics)
    file.finish()
    guard let name = head.name, let strategies, !strategies.isEmpty, given == nil || symbols != nil else { return nil }
    return Portfolio(
      name: name, title: head.title, description: head.description, strategies: strategies, symbols: symbols,
      weighting: weighting, maxPositions: limit,
      onConflict: conflict.flatMap { Portfolio.Conflict(rawValue: $0) } ?? .skip, rebalance: rebalance, notify: notify)
  }

  private func members(
    _ value: YAMLValue?, of portfolio: String?, _ folder: String?, _ diagnostics: Diagnostics
  ) -> [Portfolio.Member]? {
    guard let value, let items = diagnostics.list(value, "strategies") else { return nil }
    guard (1...StrategyReader.memberLimit).contains(items.count) else {
      diagnostics.report(
        .outOfRange, at: value,
        "a portfolio is made of 1 to \(StrategyReader.memberLimit) strategies; found \(items.count)")
      return nil
    }
    lazy var files = library?()
    var members: [Portfolio.Member] = []
    var timeframe: (text: String, name: String)?
    for item in items {
      guard let name = diagnostics.text(item, "a strategy's name") else { continue }
      if name == portfolio {
        diagnostics.report(
          .cycle, at: item, "the portfolio is made of itself: \(name) → \(name)", hint: "name strategies")
        continue
      }
      if members.contains(where: { $0.name == name }) {
        diagnostics.report(.duplicateID, at: item, "\"\(name)\" is named twice", hint: "each strategy once")
        continue
      }
      let sibling = folder.map { $0.isEmpty ? "\(name).yaml" : "\($0)/\(name).yaml" }
      let glance = sibling.flatMap { MemberGlance(path: $0) } ?? files?[name].flatMap { MemberGlance(path: $0) }
      members.append(Portfolio.Member(name: name, path: glance?.path))
      guard let glance else {
        if let files {
          diagnostics.report(
            .unknownName, at: item, "there is no strategy \"\(name)\"",
            hint: suggestion(for: name, among: files.keys.sorted(), called: "strategies"))
        }
        continue
      }
      check(glance, name, item, diagnostics)
      guard let own = glance.timeframe else { continue }
      if let timeframe, timeframe.text != own {
        diagnostics.report(
          .badTime, at: item,
          "\(name) is of \(own) and \(timeframe.name) of \(timeframe.text): those of a portfolio share one timeframe")
      }
      timeframe = timeframe ?? (own, name)
    }
    return members
  }

  private func check(_ glance: MemberGlance, _ name: String, _ item: YAMLValue, _ diagnostics: Diagnostics) {
    if let kind = glance.kind, kind != Declaration.Kind.strategy.rawValue {
      diagnostics.report(
        .wrongType, at: item, "\"\(name)\" is a \(kind); a portfolio is made of strategies",
        hint: "name its strategies instead")
    } else if glance.hasGroups {
      diagnostics.report(
        .wrongType, at: item, "\"\(name)\" acts on groups; a portfolio is made of strategies that act on symbols")
    }
  }
}

/// What a portfolio must know of a strategy's file before it runs: its faults are told where the file itself is read.
private struct MemberGlance {
  let path: String
  let kind, timeframe: String?
  let hasGroups: Bool

  /// Nil where there is no such file.
  init?(path: String) {
    let file = YAMLFile(path: path)
    if file.root == nil, file.diagnostics.all.contains(where: { $0.code == .unreadableFile }) { return nil }
    self.path = path
    func entry(_ name: String) -> YAMLValue? { file.root?.entries?.first { $0.name == name }?.value }
    kind = entry("kind")?.text
    timeframe = entry("timeframe")?.text
    hasGroups = entry("groups") != nil
  }
}
