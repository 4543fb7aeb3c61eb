import Pipelines
import Storage
import Trading

/// Strategies that share a graph, and where they stand among all that were ever run.
struct LiveFamily: Sendable {
  let id: Int
  let family: StrategyFamily
  let strategies: [Int]
}

/// One market's next bars, and what is to be done with them.
struct LiveWork: Sendable {
  enum Mode: Sendable {
    /// The bars behind those that were taken, of which the last was known at a moment.
    case step(taken: Int, last: Instant?, lastKnown: Instant?, basis: PriceBasis?)
    /// Bars from the first on, into states that begin anew. Signals after a moment are told.
    case replay(Until, tellsAfter: Instant?)
  }

  enum Until: Sendable {
    case end
    /// The last bar that opens by then.
    case bar(Instant)
    case lastButOne
  }

  let place: Int
  let market: LiveMarket
  let mode: Mode
  let families: [LiveFamily]
  /// Strategies whose signals are wanted.
  let told: Set<Int>
  /// By the name that the graphs know them by, with the number of their first bar.
  let others: [String: (series: CandleSeries, first: Int)]
  /// What there is of the deciding series, to see whether bars came between others.
  let expected: Int?
}

/// A signal as a shard finds it.
struct LiveFound: Sendable {
  /// The strategy's place among all that were ever run.
  let strategy: Int
  let signal: Signal
  let knownAt: Instant
  /// What the columns of the strategy's plan say at its bar.
  let planned: [Double]
}

struct LiveAnswer: Sendable {
  enum Ending: Sendable {
    case done
    /// Bars came between those that were taken.
    case bent
    case failed(LiveFault)
  }

  let place: Int
  var ending = Ending.done
  var signals: [LiveFound] = []
  /// Bars that were taken now, and in all.
  var bars = 0
  var taken = 0
  var last: Instant?
  var lastKnown: Instant?
  var basis: PriceBasis?
  /// Families whose graphs could not go on, and why.
  var broken: [(family: Int, error: GraphError)] = []
  /// How many bars of the others are taken, by the name that the graphs know them by.
  var otherTaken: [String: Int] = [:]
}

/// Some of the markets of a live run, and the runs that they take turns at. Shards work side by side, a market in one of
/// them.
actor LiveShard {
  private struct Lane: Hashable {
    let place, family: Int
  }

  private var states: [Lane: FamilyState] = [:]
  private var runs: [Int: FamilyRun] = [:]
  private let bars: any LiveBars

  init(_ bars: any LiveBars) { self.bars = bars }

  /// Does the work of markets one after another.
  static func perform(_ work: [LiveWork], in shard: LiveShard) async -> [LiveAnswer] {
    var answers: [LiveAnswer] = []
    answers.reserveCapacity(work.count)
    for one in work where !Task.isCancelled { answers.append(await shard.perform(one)) }
    return answers
  }

  private func perform(_ work: LiveWork) async -> LiveAnswer {
    var answer = LiveAnswer(place: work.place)
    do throws(LiveFault) {
      let name = work.market.deciding
      switch work.mode {
      case .step(let taken, let last, let lastKnown, let basis):
        answer.taken = taken
        answer.last = last
        answer.lastKnown = lastKnown
        answer.basis = basis
        let found = try await bars.bars(of: name, after: last)
        let isWhole = work.expected.map { taken + found.series.count + found.open == $0 } ?? true
        guard isWhole, found.goesOn(behind: basis) else {
          answer.ending = .bent
          return answer
        }
        take(found.series(behind: basis), first: taken, after: lastKnown, work, tellsFrom: 0, &answer)
      case .replay(let until, let tellsAfter):
        var series = try await bars.bars(of: name, after: nil).series
        switch until {
        case .end: break
        case .bar(let last): series = series.bars(0..<series.firstBar(after: last))
        case .lastButOne: series = series.bars(0..<max(0, series.count - 1))
        }
        for family in work.families { states[Lane(place: work.place, family: family.id)] = nil }
        take(
          series, first: 0, after: nil, work, tellsFrom: tellsAfter.map { series.firstBar(after: $0) } ?? .max, &answer)
      }
    } catch {
      answer.ending = .failed(error)
    }
    return answer
  }

  private func take(
    _ found: CandleSeries, first: Int, after known: Instant?, _ work: LiveWork, tellsFrom: Int,
    _ answer: inout LiveAnswer
  ) {
    var series = found
    if work.market.name != series.instrument.symbol { series = series.named(work.market.name) }
    if series.count > 0, let calendar = bars.calendar(of: work.market.deciding) {
      series = series.keeping(calendar, after: known)
    }
    let market = Market(
      series, others: work.others.mapValues(\.series), first: first, otherFirsts: work.others.mapValues(\.first))
    for family in work.families {
      do throws(GraphError) {
        let run = run(of: family)
        let lane = Lane(place: work.place, family: family.id)
        let state = states[lane] ?? run.begin()
        states[lane] = state
        let told = try run.advance(
          state, over: market, tellsFrom: tellsFrom, tells: { work.told.contains(family.strategies[$0]) })
        for one in told {
          answer.signals.append(
            LiveFound(
              strategy: family.strategies[one.strategy], signal: one.signal,
              knownAt: series.knownAt(one.signal.bar - first), planned: one.planned))
        }
        for (name, count) in run.taken(state) { answer.otherTaken[name] = min(answer.otherTaken[name] ?? count, count) }
      } catch {
        states[Lane(place: work.place, family: family.id)] = nil
        answer.broken.append((family.id, error))
      }
    }
    answer.bars = series.count
    answer.taken = first + series.count
    if series.count > 0 {
      answer.last = series.times[series.count - 1]
      answer.lastKnown = series.knownAt(series.count - 1)
      answer.basis = series.basis
    }
  }

  private func run(of family: LiveFamily) -> FamilyRun {
    if let run = runs[family.id] { return run }
    let run = FamilyRun(family.family)
    runs[family.id] = run
    return run
  }

  /// Forgets the states of families that a market no longer has, and the runs of families that none has.
  func keep(_ families: [Int: Set<Int>]) {
    states = states.filter { lane, _ in families[lane.place]?.contains(lane.family) ?? false }
    let used = Set(states.keys.map(\.family))
    runs = runs.filter { used.contains($0.key) }
  }
}

extension CandleSeries {
  /// The first bar that opens after a moment.
  func firstBar(after moment: Instant) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= moment { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
