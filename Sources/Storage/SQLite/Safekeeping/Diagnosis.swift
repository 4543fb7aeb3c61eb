import Foundation
import GRDB
public import Trading

/// What the examination of a database found.
public struct Diagnosis: Sendable {
  public enum Severity: String, Sendable { case fine, warning, fault }

  public struct Finding: Hashable, Sendable {
    public var severity: Severity
    /// What was examined, a word or the name of a series.
    public var subject: String
    public var detail: String

    public init(_ severity: Severity, _ subject: String, _ detail: String) {
      self.severity = severity
      self.subject = subject
      self.detail = detail
    }
  }

  /// A series as it stands in the database.
  public struct Series: Sendable {
    public let key: CandleKey
    public let coverage: Coverage
    /// The openings of its bars.
    public let times: [Instant]
    /// What the source is known not to have.
    public let holes: [Range<Instant>]
    /// What the last check of its prices found.
    public let check: CandleCheck?

    public init(
      key: CandleKey, coverage: Coverage, times: [Instant], holes: [Range<Instant>], check: CandleCheck? = nil
    ) {
      self.key = key
      self.coverage = coverage
      self.times = times
      self.holes = holes
      self.check = check
    }
  }

  public private(set) var findings: [Finding] = []

  public var hasFaults: Bool { findings.contains { $0.severity == .fault } }

  mutating func add(_ severity: Severity, _ subject: String, _ detail: String) {
    findings.append(Finding(severity, subject, detail))
  }

  /// Examines a database from outside, also one that a process writes to or that cannot be opened. Nothing is mended;
  /// a schema of an earlier version is brought up to date where no other process writes.
  ///
  /// - Parameter series: Examines the bars of one series; nil leaves it to a rule that knows no calendar.
  public static func examine(
    _ settings: SQLiteSettings, now: Instant, series examination: (Series) -> [Finding]? = { _ in nil }
  ) async -> Diagnosis {
    var diagnosis = Diagnosis()
    let path = settings.path
    diagnosis.examineDisk(path)
    let holder = StoreLock.holder(of: path)
    diagnosis.add(
      .fine, "lock",
      holder.isHeld ? "held by process \(holder.process.map(String.init) ?? "unknown")" : "nobody writes to it")
    do {
      try SQLiteFile.check(path, mayBeMissing: false)
      let store = try SQLiteStore(settings, for: holder.isHeld ? .reading : .writing)
      diagnosis.add(.fine, "schema", "\(Migration.latest), the one this version knows")
      if !holder.isHeld {
        diagnosis.add(
          .fine, "durability", "synchronous is \(try await store.synchronous()) (2 = FULL), with a log (WAL)")
      }
      for fault in try await faults(of: path) { diagnosis.add(.fault, "integrity", fault) }
      if !diagnosis.hasFaults {
        diagnosis.add(.fine, "integrity", "pages, indexes, references and checksums of candles are sound")
      }
      for (key, coverage) in try await store.coverages() {
        let holes = try await store.holes(of: key)
        let times = try await store.history(key).series.times
        let check = try await store.check(of: key)
        let series = Series(key: key, coverage: coverage, times: times, holes: holes, check: check)
        if let found = examination(series) {
          diagnosis.findings += found
        } else {
          diagnosis.examine(key, coverage, times, holes, now: now)
        }
        if let check, check.errors > 0 {
          let errors = check.errors == 1 ? "1 error" : "\(check.errors) errors"
          diagnosis.add(
            .warning, "\(key)", "\(errors) in its prices: finstage data check \(key.symbol) shows what")
        }
      }
      try store.close()
    } catch {
      diagnosis.add(.fault, "database", "\(StoreError(error, path: path))")
    }
    return diagnosis
  }

  private mutating func examineDisk(_ path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let system = try? FileManager.default.attributesOfFileSystem(forPath: folder)
    let file = try? FileManager.default.attributesOfItem(atPath: path)
    guard let free = (system?[.systemFreeSize] as? NSNumber)?.int64Value else { return }
    let size = (file?[.size] as? NSNumber)?.int64Value ?? 0
    // A restore writes a whole copy beside the database.
    let isShort = free < max(2 * size, 64 << 20)
    add(
      isShort ? .warning : .fine, "disk",
      "\(size >> 10) KiB of database, \(free >> 20) MiB free"
        + (isShort ? ": too little for a restore, which needs twice the database" : ""))
  }

  /// Without a calendar: no exchange closes for longer than twelve days, and none is asked more rarely than weekly.
  private mutating func examine(
    _ key: CandleKey, _ coverage: Coverage, _ times: [Instant], _ holes: [Range<Instant>], now: Instant
  ) {
    let length = key.timeframe.milliseconds
    let longest = max(12 * 86_400_000, 3 * length)
    var gaps: [String] = []
    for (before, after) in zip(times, times.dropFirst())
    where after.milliseconds - before.milliseconds > longest
      && !holes.contains(where: { $0.lowerBound <= before.advanced(by: length) && $0.upperBound >= after })
    { gaps.append("\(before.dateText) to \(after.dateText)") }
    let name = "\(key)"
    if !gaps.isEmpty {
      let more = gaps.count > 3 ? ", and \(gaps.count - 3) more" : ""
      add(.warning, name, "no bars from \(gaps.prefix(3).joined(separator: ", "))\(more)")
    }
    let (bars, last) = ("\(coverage.count) bars", "\(coverage.first.dateText) to \(coverage.last.dateText)")
    let idle = now.milliseconds - coverage.fetchedAt.milliseconds
    let late = now.milliseconds - coverage.last.milliseconds - length
    // What was taken in from a file once is not late.
    if key.source == CandleKey.imported {
      if gaps.isEmpty { add(.fine, name, "\(bars), \(last)") }
    } else if idle > 7 * 86_400_000 {
      add(.warning, name, "\(bars), \(last); the source was last asked \(idle / 86_400_000) days ago")
    } else if late > longest {
      add(.warning, name, "\(bars), \(last); the source has had nothing new for \(late / 86_400_000) days")
    } else if gaps.isEmpty {
      add(.fine, name, "\(bars), \(last)")
    }
  }
}
