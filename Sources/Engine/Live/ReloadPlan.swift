import Pipelines
public import Trading

/// What a change of the strategies' files would do: nothing is changed by making it.
public struct ReloadPlan: Sendable {
  /// A strategy's file as it is found.
  public enum Found: Sendable {
    case sound(LiveStrategy)
    case faulty(name: String, faults: [String])

    /// The strategy, where its file is sound.
    public var strategy: LiveStrategy? { if case .sound(let strategy) = self { strategy } else { nil } }

    var name: String {
      switch self {
      case .sound(let strategy): strategy.name
      case .faulty(let name, _): name
      }
    }
  }

  public enum Change: String, Sendable, CaseIterable {
    case added, removed, changed, unchanged
    /// The running version, where there is one, goes on.
    case faulty
  }

  /// A signal that only one of two versions says.
  public struct Difference: Hashable, Sendable {
    public var market: String
    public var signal: Signal
    /// Whether the running version says it; else the new one does.
    public var wasSaid: Bool
  }

  public struct Item: Sendable {
    public var name: String
    public var change: Change
    public var differences: [Difference] = []
    /// Signals of the bars compared that both say.
    public var same = 0
    /// What it would act on besides, and no longer.
    public var gained: [String] = []
    public var lost: [String] = []
    /// What is wrong with the file, or could not be compared.
    public var faults: [String] = []
  }

  /// By name.
  public var items: [Item]
  /// What runs when the plan is applied: the new versions of sound files, the running ones of faulty ones.
  public var strategies: [LiveStrategy]

  /// Whether anything would run that does not run now, or no longer.
  public var changesAnything: Bool { items.contains { [.added, .removed, .changed].contains($0.change) } }

  /// Compares what runs with what is found, over the last `bars` bars of each market of a changed strategy.
  public init(
    running: [LiveStrategy], found: [Found], over prices: any LiveBars, bars: Int
  ) async {
    let before = Dictionary(running.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var items: [Item] = []
    var strategies: [LiveStrategy] = []
    for file in found {
      let old = before[file.name]
      switch file {
      case .faulty(let name, let faults):
        items.append(Item(name: name, change: .faulty, faults: faults))
        if let old { strategies.append(old) }
      case .sound(let new):
        strategies.append(new)
        guard let old else {
          items.append(Item(name: new.name, change: .added))
          continue
        }
        if old.version == new.version, Set(old.markets) == Set(new.markets) {
          items.append(Item(name: new.name, change: .unchanged))
        } else {
          items.append(await ReloadPlan.comparison(old, new, prices, bars))
        }
      }
    }
    let names = Set(found.map(\.name))
    for old in running where !names.contains(old.name) { items.append(Item(name: old.name, change: .removed)) }
    self.items = items.sorted { $0.name < $1.name }
    self.strategies = strategies
  }

  private static func comparison(
    _ old: LiveStrategy, _ new: LiveStrategy, _ prices: any LiveBars, _ bars: Int
  ) async -> Item {
    var item = Item(name: new.name, change: .changed)
    item.gained = new.markets.filter { !old.markets.contains($0) }.map(\.name)
    item.lost = old.markets.filter { !new.markets.contains($0) }.map(\.name)
    var seen: Set<LiveMarket> = []
    for market in old.markets + new.markets where seen.insert(market).inserted {
      do throws(LiveFault) {
        let said = old.markets.contains(market) ? try await signals(of: old, on: market, prices, bars) : []
        let says = new.markets.contains(market) ? try await signals(of: new, on: market, prices, bars) : []
        let (first, second) = (Set(said.map(Call.init)), Set(says.map(Call.init)))
        item.same += first.intersection(second).count
        item.differences += said.filter { !second.contains(Call($0)) }
          .map { Difference(market: market.name, signal: $0, wasSaid: true) }
        item.differences += says.filter { !first.contains(Call($0)) }
          .map { Difference(market: market.name, signal: $0, wasSaid: false) }
      } catch {
        item.faults.append("\(error)")
      }
    }
    item.differences.sort {
      ($0.signal.time, $0.market, $0.wasSaid ? 0 : 1, $0.signal.direction.rawValue)
        < ($1.signal.time, $1.market, $1.wasSaid ? 0 : 1, $1.signal.direction.rawValue)
    }
    return item
  }

  /// What is said when: the words and the confidence may differ.
  private struct Call: Hashable {
    let time: Instant
    let direction: Direction

    init(_ signal: Signal) { (time, direction) = (signal.time, signal.direction) }
  }

  private static func signals(
    of strategy: LiveStrategy, on market: LiveMarket, _ prices: any LiveBars, _ bars: Int
  ) async throws(LiveFault) -> [Signal] {
    let (series, found) = try await strategy.replay(on: market, over: prices)
    return found.filter { $0.bar >= series.count - bars }
  }
}
