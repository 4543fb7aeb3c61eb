import Storage
import StoreDrill
import Trading

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Saves bars to a database, one part after another, and says of each part when the store has acknowledged it. It is
/// killed by the tests; started again it goes on where it was.
///
/// `StoreWriter FILE PARTS`: what it saves is `WrittenBars`.
@main
enum StoreWriter {
  static func main() async {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let parts = Int(arguments[2]) else { exit(2) }
    do throws(StoreError) {
      let store = try SQLiteStore(SQLiteSettings(path: arguments[1]), for: .writing)
      let there = try await store.coverage(WrittenBars.key)?.count ?? 0
      for part in there / WrittenBars.length..<max(parts, there / WrittenBars.length) {
        let bars = WrittenBars.part(part)
        _ = try await store.save(
          bars, under: WrittenBars.key, fetchedAt: Instant(seconds: 1_700_000_000 + Int64(part)),
          asked: bars.series.times[0]..<WrittenBars.time((part + 1) * WrittenBars.length))
        say("saved \(part)")
      }
      say("done")
    } catch {
      say("failed: \(error)")
      exit(3)
    }
  }

  /// Straight to the system: what stands in a buffer is lost with the process.
  private static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
  }
}
