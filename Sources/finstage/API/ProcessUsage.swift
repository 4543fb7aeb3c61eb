#if canImport(Glibc)
import CDispatch  // a release build finds some of C's structs there
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

/// What this process has used of the machine.
struct ProcessUsage {
  /// Seconds of processors, in user and kernel.
  let cpu: Double
  /// Bytes that are in memory now; nil where the system does not say.
  let memory: Int?
  /// Files and connections that are open; nil where the system does not say.
  let descriptors: Int?

  static var now: ProcessUsage {
    var usage = rusage()
    #if canImport(Darwin)
    getrusage(RUSAGE_SELF, &usage)
    #else
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #endif
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
      .split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return ProcessUsage(
      cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      memory: pages.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) },
      descriptors: (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count)
  }

  /// Bytes of a file and of what its database keeps beside it.
  static func size(ofDatabase path: String) -> Int {
    ["", "-wal", "-shm"].reduce(0) { sum, ending in
      sum + (((try? FileManager.default.attributesOfItem(atPath: path + ending))?[.size] as? Int) ?? 0)
    }
  }
}
