import Foundation
import TestSupport

/// Where a process ends.
struct CrashPoint: Hashable, Sendable, CustomStringConvertible {
  enum Way: Hashable, Sendable {
    case before, after
    /// So many percent of what the step writes are written.
    case within(Int)
    /// So many microseconds after the step.
    case later(Int)
  }

  /// The step's name; nil where every step counts.
  var step: String?
  /// Its how-manieth occurrence, from 1.
  var number: Int
  var way: Way

  var description: String {
    let place = "\(step ?? "step") #\(number)"
    return switch way {
    case .before: "before \(place)"
    case .after: "after \(place)"
    case .within(let percent): "at \(percent) % of \(place)"
    case .later(let time): "\(time) µs after \(place)"
    }
  }

  /// As the library reads it.
  var environment: [String: String] {
    var values = ["CRASH_NUMBER": "\(number)"]
    values["CRASH_STEP"] = step
    values["CRASH_HOW"] =
      switch way {
      case .before: "before"
      case .after: "after"
      case .within(let percent): "within:\(percent)"
      case .later(let time): "later:\(time)"
      }
    return values
  }

  /// Each step of a trace, before and after.
  static func all(of trace: [String]) -> [CrashPoint] {
    var counts: [String: Int] = [:]
    return trace.flatMap { step in
      counts[step, default: 0] += 1
      return [Way.before, .after].map { CrashPoint(step: step, number: counts[step] ?? 1, way: $0) }
    }
  }

  static func random(of steps: Int, using random: inout SplitMix) -> CrashPoint {
    let way: Way =
      switch Int.random(in: 0..<4, using: &random) {
      case 0: .before
      case 1: .after
      case 2: .within(Int.random(in: 0...99, using: &random))
      default: .later(Int.random(in: 0...3_000, using: &random))
      }
    return CrashPoint(number: Int.random(in: 1...max(1, steps), using: &random), way: way)
  }

  /// The library that ends the process; nil where it was not built.
  static var library: String? {
    let library = CommandTests.program.deletingLastPathComponent().appending(path: "libCrashCalls.so")
    return FileManager.default.fileExists(atPath: library.path()) ? library.path() : nil
  }
}
