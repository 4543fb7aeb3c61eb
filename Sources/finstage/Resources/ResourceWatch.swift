import HTTPAPI
import Logging
import PluginKit
import Storage
import Synchronization
import Trading

/// What is known of resources as long as the program runs, whatever configurations come: what has been told is not told
/// again.
final class ResourceStates: Sendable {
  private let states = Mutex<[Resource: ResourceLimit.State]>([:])
  private let last = Mutex<(usage: MachineUsage, levels: [Resource: Double])?>(nil)

  /// Those that are beyond their limits.
  var over: [Resource] {
    states.withLock { states in Resource.allCases.filter { states[$0]?.isOver == true } }
  }

  /// Notes values; gives what is to be told. Of what has no limit any more nothing is remembered.
  func note(_ levels: [Resource: Double], _ limits: [ResourceLimit], at moment: Instant)
    -> [(limit: ResourceLimit, value: Double, change: ResourceLimit.Change)]
  {
    states.withLock { states in
      states = states.filter { known in limits.contains { $0.resource == known.key } }
      return limits.compactMap { limit in
        guard let value = levels[limit.resource] else { return nil }
        return limit.note(value, at: moment, &states[limit.resource, default: ResourceLimit.State()])
          .map { (limit, value, $0) }
      }
    }
  }

  /// What is in use, the processors since the last question that was at least a second ago.
  func levels(at moment: Instant, database path: String) -> [Resource: Double] {
    let usage = MachineUsage.now(at: moment, database: path)
    return last.withLock { last in
      let isFresh = last.map { moment.milliseconds - $0.usage.moment.milliseconds < 1_000 && moment >= $0.usage.moment }
      var levels = usage.levels(since: last?.usage)
      if isFresh == true, let known = last?.levels {
        for resource in [Resource.cpu, .processCPU] { levels[resource] = known[resource] }
        return levels
      }
      last = (usage, levels)
      return levels
    }
  }
}

/// Looks at the machine and tells the channels when it runs short of something, and when that is over.
struct ResourceWatch {
  let settings: Configuration.Resources
  let host: Host
  let states: ResourceStates
  let log: Logger
  let surroundings: Surroundings

  /// Looks until the task is cancelled.
  func run() async {
    var before: MachineUsage?
    var unknown: Set<Resource> = []
    let path = host.workspace.database.path
    while !Task.isCancelled {
      let usage = MachineUsage.now(at: surroundings.now(), database: path)
      let levels = usage.levels(since: before)
      if before != nil {
        for limit in settings.limits where levels[limit.resource] == nil && unknown.insert(limit.resource).inserted {
          log.warning("resources: \(limit.resource.rawValue): this system does not say how much is in use")
        }
      }
      before = usage
      for (limit, value, change) in states.note(levels, settings.limits, at: usage.moment) {
        await tell(limit, value, change)
      }
      do { try await surroundings.sleep(settings.every) } catch { return }
    }
  }

  private func tell(_ limit: ResourceLimit, _ value: Double, _ change: ResourceLimit.Change) async {
    let (name, resource) = (limit.resource.rawValue, limit.resource)
    let (found, admitted) = (resource.written(value), resource.written(limit.limit))
    let words = host.words
    switch change {
    case .passed:
      log.warning("resources: \(name) is at \(found), its limit is \(admitted)")
      HostMetrics.count("errors_total", [("part", "resources")])
      await host.inform(words.isShort(resource), [words.level(found, limit: admitted)], .high)
    case .over:
      log.notice("resources: \(name) is at \(found) again, its limit is \(admitted)")
      await host.inform(words.isShortNoMore(resource), [words.level(found, limit: admitted)])
    }
  }
}
