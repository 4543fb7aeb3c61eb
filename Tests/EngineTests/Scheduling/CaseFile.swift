import Foundation
import Trading

/// The lines of a file under Cases, made by Tests/Parity/schedule_cases.py, each as its cells.
func cases(_ name: String, file: String = #filePath) throws -> [[String]] {
  let folder = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Cases")
  let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
    line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
  }
}

/// Seconds since 1970.
func instant(_ seconds: String) -> Instant { Instant(seconds: Int64(seconds) ?? .min / 2_000) }

func instant(_ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> Instant {
  Instant(year: year, month: month, day: day, hour: hour, minute: minute) ?? Instant(milliseconds: 0)
}
