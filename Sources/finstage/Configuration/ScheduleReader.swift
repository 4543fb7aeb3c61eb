import Calendars
import Engine
import Pipelines
import PluginKit

extension Configuration {
  /// An item of `schedule:`.
  struct ScheduledItem {
    var job: JobKind
    var plan: JobPlan
  }
}

/// What a schedule can name.
enum JobKind: String, CaseIterable {
  case collect, evaluate, notify, news, outcomes, patterns, highs, snapshots, backup, prune
  case priceMonitor = "price_monitor"
  case dailyReport = "daily_report"
  case weeklyReport = "weekly_report"

  static let names = allCases.map(\.rawValue).sorted()
}

extension ConfigurationReader {
  /// Reads `schedule:`; expressions that name no zone have that of the configuration.
  func schedule(_ value: YAMLValue?, _ configuration: Configuration) -> [Configuration.ScheduledItem] {
    var names: [String: YAMLValue] = [:]
    var items: [Configuration.ScheduledItem] = []
    var links: [(from: String, to: YAMLValue)] = []
    for item in diagnostics.list(value, "schedule") ?? [] {
      guard var reader = MappingReader(item, "an item of schedule", diagnostics) else { continue }
      let jobValue = reader.require("job", hint: "jobs: \(JobKind.names.joined(separator: ", "))")
      let job = diagnostics.word(jobValue, "job", of: JobKind.names).flatMap { JobKind(rawValue: $0) }
      let nameValue = reader.take("name")
      let name = diagnostics.text(nameValue, "name") ?? job?.rawValue
      let after = jobs(reader.take("after"))
      let timing = timing(&reader, after, configuration)
      var plan = options(&reader, JobPlan(name ?? "", timing ?? .following("")))
      reader.finish()
      guard let job, let name else { continue }
      if let place = nameValue ?? jobValue {
        if names[name] != nil {
          diagnostics.report(
            .duplicateID, at: place, "the schedule has \"\(name)\" twice",
            hint: "give one of them a name of its own: { job: \(job.rawValue), name: \(name)_2, … }")
          continue
        }
        names[name] = place
      }
      links += after.map { (name, $0) }
      guard let timing else { continue }
      plan.after = after.compactMap(\.text)
      if case .following = timing { plan.after = [] }
      items.append(Configuration.ScheduledItem(job: job, plan: plan))
    }
    check(links, names, items.map(\.plan))
    return items
  }

  private func check(_ links: [(from: String, to: YAMLValue)], _ names: [String: YAMLValue], _ plans: [JobPlan]) {
    for link in links {
      guard let name = link.to.text, names[name] == nil else { continue }
      diagnostics.report(
        .unknownName, at: link.to, "the schedule has no job \"\(name)\"",
        hint: suggestion(for: name, among: names.keys.sorted(), called: "jobs"))
    }
    let upstream = JobOrder.upstream(of: plans)
    for plan in plans where upstream[plan.name]?.contains(plan.name) == true {
      guard let place = links.first(where: { $0.from == plan.name })?.to else { continue }
      diagnostics.report(.cycle, at: place, "\"\(plan.name)\" would run only after itself")
    }
  }

  /// A name, or a list of names.
  private func jobs(_ value: YAMLValue?) -> [YAMLValue] {
    guard let value else { return [] }
    let items = value.items ?? [value]
    if items.isEmpty { diagnostics.report(.wrongType, at: value, "after is empty; it names jobs of the schedule") }
    return items.filter { diagnostics.text($0, "a job of after") != nil }
  }

  private func timing(
    _ reader: inout MappingReader, _ after: [YAMLValue], _ configuration: Configuration
  ) -> JobPlan.Timing? {
    let given = ["every", "cron", "at"].compactMap { reader.entry($0) }
    let (zoneEntry, exchangeEntry) = (reader.entry("timezone"), reader.entry("exchange"))
    if given.count > 1, let second = given.dropFirst().first {
      diagnostics.report(
        .conflictingKeys, at: second.key, "a job comes by one of every, cron, at; found \(given.count) of them")
      return nil
    }
    for (entry, key) in [(zoneEntry, "cron"), (exchangeEntry, "at")] {
      guard let entry, given.first?.name != key else { continue }
      diagnostics.report(.conflictingKeys, at: entry.key, "\"\(entry.name)\" goes with \"\(key)\"")
    }
    guard let entry = given.first else { return following(reader, after) }
    switch entry.name {
    case "every": return interval(entry.value).map { .recurring(.every($0)) }
    case "at":
      return sessionMoment(entry, exchangeEntry?.value, configuration).map { .recurring(.session($0)) }
    default:
      let zone = zoneEntry.map { self.zone($0.value, "timezone") } ?? configuration.zone ?? .utc
      guard let expression = cron(entry.value), let zone else { return nil }
      return .recurring(.cron(CronSchedule(expression, in: zone)))
    }
  }

  private func following(_ reader: MappingReader, _ after: [YAMLValue]) -> JobPlan.Timing? {
    guard let first = after.first, let job = first.text else {
      if reader.entries.contains(where: { $0.name == "after" }) { return nil }
      diagnostics.report(
        .missingKey, at: reader.place, "an item of schedule says when: every, cron, at or after",
        hint: "write every: 90m, cron: \"0 8 * * *\", at: session_close + 15m with exchange: XNYS, or after: collect")
      return nil
    }
    guard after.count == 1 else {
      diagnostics.report(
        .conflictingKeys, at: first, "a job without a time of its own follows one other; found \(after.count)",
        hint: "name one, or add every, cron or at: then it waits for all of them")
      return nil
    }
    return .following(job)
  }

  private func interval(_ value: YAMLValue) -> FixedInterval? {
    guard let text = diagnostics.text(value, "every") else { return nil }
    let length = text.hasSuffix("mo") || text.hasSuffix("ms") ? nil : SettingValue.milliseconds(text)
    if let interval = length.flatMap({ FixedInterval(milliseconds: $0) }) { return interval }
    diagnostics.report(
      .badTime, at: value, "every is a length of time from 1s to 366d; found \(value.found)",
      hint: text.hasSuffix("mo") ? "months differ in length: write cron: \"0 0 1 * *\"" : "write 30s, 90m, 4h, 1d, 1w")
    return nil
  }

  private func cron(_ value: YAMLValue) -> CronExpression? {
    guard let text = diagnostics.text(value, "cron") else { return nil }
    do throws(CronFault) {
      return try CronExpression(text)
    } catch {
      diagnostics.report(.badTime, at: value, part: error.part, error.description, hint: error.hint)
      return nil
    }
  }

  private func sessionMoment(
    _ entry: YAMLValue.Entry, _ exchangeValue: YAMLValue?, _ configuration: Configuration
  ) -> SessionMoment? {
    guard let text = diagnostics.text(entry.value, "at") else { return nil }
    if SessionMoment.read(text) == nil {
      diagnostics.report(
        .badTime, at: entry.value, "at \(entry.value.found) is no moment of a session",
        hint: "write session_open or session_close, with + 15m or - 10m behind it, a day at most")
      return nil
    }
    guard let exchangeValue else {
      diagnostics.report(.missingKey, at: entry.key, "\"at\" needs the key \"exchange\"", hint: "write exchange: XNYS")
      return nil
    }
    guard let name = exchange(exchangeValue, configuration.calendars),
      let calendar = configuration.calendars[name] ?? ExchangeCalendar(name)
    else { return nil }
    return SessionMoment(text, of: calendar)
  }

  /// A zone of the tz database; nil, and reported, where it is none.
  func zone(_ value: YAMLValue, _ what: String) -> CivilZone? {
    guard let name = diagnostics.text(value, what) else { return nil }
    let database = ZoneDatabase()
    do throws(ZoneFault) {
      return try database.zone(name)
    } catch {
      let names = database.names
      diagnostics.report(
        .unknownName, at: value, "\(error)",
        hint: names.isEmpty
          ? nil : nearest(name, among: names).map { "did you mean \"\($0)\"?" } ?? "write Asia/Seoul, UTC or +09:00")
      return nil
    }
  }

  private func options(_ reader: inout MappingReader, _ plan: JobPlan) -> JobPlan {
    var plan = plan
    let rules = MisfirePolicy.Rule.allCases.map(\.rawValue)
    if let word = diagnostics.word(reader.take("misfire"), "misfire", of: rules) {
      plan.misfire.rule = MisfirePolicy.Rule(rawValue: word) ?? plan.misfire.rule
    }
    plan.misfire.grace = length(reader.take("grace"), "grace", atMost: 30 * 86_400_000) ?? plan.misfire.grace
    plan.misfire.catchUp =
      diagnostics.whole(reader.take("catch_up"), "catch_up", 1...10_000) ?? plan.misfire.catchUp
    let jitter = reader.entry("jitter")
    plan.jitter = length(jitter?.value, "jitter", atMost: 86_400_000) ?? 0
    if let jitter, case .following(let job) = plan.timing, !job.isEmpty {
      diagnostics.report(
        .conflictingKeys, at: jitter.key, "a job that follows another begins with its end, without jitter")
    }
    plan.maxInstances = diagnostics.whole(reader.take("max_instances"), "max_instances", 1...64) ?? 1
    plan.timeout = length(reader.take("timeout"), "timeout", atMost: 30 * 86_400_000)
    plan.retries = retries(reader.entry("retries")) ?? plan.retries
    if let word = diagnostics.word(reader.take("lost"), "lost", of: JobPlan.Lost.allCases.map(\.rawValue)) {
      plan.lost = JobPlan.Lost(rawValue: word) ?? plan.lost
    }
    return plan
  }

  /// `3`, or `{ count: 3, backoff: 30s, longest: 1h }`.
  private func retries(_ entry: YAMLValue.Entry?) -> RetryPolicy? {
    guard let entry else { return nil }
    guard entry.value.entries != nil else {
      return diagnostics.whole(entry.value, "retries", 0...100).map { RetryPolicy($0) }
    }
    guard var reader = MappingReader(entry.value, "retries", at: entry.key, diagnostics) else { return nil }
    let count = diagnostics.whole(reader.require("count"), "count", 0...100)
    var policy = RetryPolicy(count ?? 0)
    policy.backoff = length(reader.take("backoff"), "backoff", atMost: 86_400_000) ?? policy.backoff
    policy.longest = length(reader.take("longest"), "longest", atMost: 86_400_000) ?? policy.longest
    reader.finish()
    return count == nil ? nil : policy
  }

  private func length(_ value: YAMLValue?, _ what: String, atMost most: Int64) -> Int64? {
    guard let value, let length = length(value, what) else { return nil }
    if length <= most { return length }
    diagnostics.report(.outOfRange, at: value, "\(what) is at most \(most / 86_400_000)d; found \(value.found)")
    return nil
  }
}
