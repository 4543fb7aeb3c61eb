#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import Trading

/// What of the machine and of this program is in use at a moment. What the system does not say is nil.
struct MachineUsage {
  struct Share: Equatable {
    var used: Double
    var whole: Double
  }

  let moment: Instant
  /// Seconds of all processors since the machine began, and of those the busy ones.
  let processors: Share?
  /// Bytes.
  let memory: Share?
  /// Bytes of the file system of the database.
  let disk: Share?
  let process: ProcessUsage

  static func now(at moment: Instant, database path: String) -> MachineUsage {
    func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
    let machine = text("/proc/meminfo").flatMap { memory($0) }
    let group = memory(
      limit: text("/sys/fs/cgroup/memory.max"), current: text("/sys/fs/cgroup/memory.current"),
      statistics: text("/sys/fs/cgroup/memory.stat"))
    return MachineUsage(
      moment: moment, processors: text("/proc/stat").flatMap { processors($0) }, memory: group ?? machine,
      disk: disk(of: path), process: .now)
  }

  /// The first line of `/proc/stat`, in ticks: user, nice, system, idle, iowait, irq, softirq, steal (proc(5)). What
  /// guests had stands in user already; what was stolen was not this machine's.
  static func processors(_ text: String) -> Share? {
    guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
    let ticks = line.split(separator: " ").dropFirst().prefix(8).map { Double($0) }
    guard ticks.count == 8, !ticks.contains(nil) else { return nil }
    let known = ticks.compactMap { $0 }
    let whole = known.reduce(0, +)
    return Share(used: (whole - known[3] - known[4]) / 100, whole: whole / 100)
  }

  /// `/proc/meminfo`: what could be given to programs without swapping is not in use.
  static func memory(_ text: String) -> Share? {
    func bytes(_ name: String) -> Double? {
      let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
      return line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 * 1_024 }
    }
    guard let whole = bytes("MemTotal"), let free = bytes("MemAvailable"), whole > 0 else { return nil }
    return Share(used: whole - free, whole: whole)
  }

  /// The bounds of a container (cgroup v2); nil where there are none. Files that could be given up are not in use.
  static func memory(limit: String?, current: String?, statistics: String?) -> Share? {
    func number(_ text: String?) -> Double? {
      text.flatMap { Double($0.filter { !$0.isWhitespace }) }
    }
    guard let whole = number(limit), let used = number(current), whole > 0 else { return nil }
    let files = statistics?.split(separator: "\n").first { $0.hasPrefix("inactive_file ") }
    return Share(used: max(0, used - (number(files.map { String($0.dropFirst(14)) }) ?? 0)), whole: whole)
  }

  /// What programs without privileges may still write is free.
  private static func disk(of path: String) -> Share? {
    var found = statvfs()
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    guard statvfs(path, &found) == 0 || statvfs(folder.isEmpty ? "/" : folder, &found) == 0 else { return nil }
    let size = Double(found.f_frsize)
    let (used, free) = (Double(found.f_blocks - found.f_bfree) * size, Double(found.f_bavail) * size)
    return used + free > 0 ? Share(used: used, whole: used + free) : nil
  }

  /// What was in use between an earlier look and this one.
  func levels(since earlier: MachineUsage?) -> [Resource: Double] {
    var levels: [Resource: Double] = [:]
    levels[.memory] = memory.map { $0.used / $0.whole }
    levels[.disk] = disk.map { $0.used / $0.whole }
    levels[.processMemory] = process.memory.map { Double($0) }
    guard let earlier else { return levels }
    if let now = processors, let then = earlier.processors, now.whole > then.whole {
      levels[.cpu] = min(1, max(0, (now.used - then.used) / (now.whole - then.whole)))
    }
    let seconds = Double(moment.milliseconds - earlier.moment.milliseconds) / 1_000
    if seconds > 0 { levels[.processCPU] = max(0, process.cpu - earlier.process.cpu) / seconds }
    return levels
  }
}
