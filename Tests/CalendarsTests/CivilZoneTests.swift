import Foundation
import Testing
import Trading

@testable import Calendars

/// Reference values: Python's zoneinfo with the PyPI package tzdata, made by Tests/Parity/schedule_cases.py.
@Suite struct CivilZoneTests {
  @Test func `every zone has the offsets that zoneinfo has`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(contentsOf: folder.appending(path: "EngineTests/Cases/zones.txt"), encoding: .utf8)
    let database = ZoneDatabase()
    var compared = 0
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let cells = line.split(separator: "|")
      let zone: CivilZone
      do throws(ZoneFault) {
        zone = try database.zone(String(cells[0]))
      } catch {
        // The machine's database may lack a zone that is newer than it; it lacks no more than a few.
        continue
      }
      for cell in cells.dropFirst() {
        let numbers = cell.split(separator: ":").compactMap { Int64($0) }
        #expect(zone.offset(at: numbers[0]) == numbers[1], "\(cells[0]) at \(Instant(seconds: numbers[0]))")
        compared += 1
      }
    }
    #expect(compared > 4_000)
  }

  @Test func `the first moment that shows a time lies at the end of what the clocks leave out`() throws {
    let zone = try ZoneDatabase().zone("Pacific/Apia")
    func local(_ year: Int, _ month: Int, _ day: Int, _ hour: Int) -> Int64 {
      (Instant(year: year, month: month, day: day, hour: hour)?.milliseconds ?? 0) / 1_000
    }
    let skip = Instant(year: 2011, month: 12, day: 30, hour: 10)
    for hour in 0..<24 { #expect(zone.first(showing: local(2011, 12, 30, hour)) == skip) }
    #expect(zone.first(showing: local(2011, 12, 31, 0)) == skip)
    #expect(zone.first(showing: local(2011, 12, 31, 1)) == skip?.advanced(by: 3_600_000))
    #expect(zone.first(showing: local(2011, 12, 29, 23)) == skip?.advanced(by: -3_600_000))
  }

  @Test(arguments: [
    "", "/etc/passwd", "../../etc/passwd", "Europe", "Mars/Olympus", "right/UTC", "America/New York", "+25:00",
  ])
  func `what is no zone is told`(_ name: String) {
    #expect(throws: ZoneFault.self) { try ZoneDatabase().zone(name) }
  }

  @Test func `without a database only UTC and offsets are known`() throws {
    let none = ZoneDatabase(folders: ["/nonexistent"])
    #expect(try none.zone("UTC") == .utc)
    #expect(try none.zone("+09:00").offset(at: 0) == 32_400)
    #expect(throws: ZoneFault.noDatabase(["/nonexistent"])) { try none.zone("Asia/Seoul") }
  }

  @Test func `a damaged zone file is none, wherever it is cut or changed`() throws {
    let data = try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/America/New_York"))
    let bytes = [UInt8](data)
    #expect(CivilZone(name: "x", zoneFile: bytes) != nil)
    for length in stride(from: 0, to: bytes.count - 1, by: 7) {
      let cut = CivilZone(name: "x", zoneFile: Array(bytes[..<length]))
      // Cut within the footer's rule, what is left of it is no rule.
      #expect(cut == nil || length > bytes.count - 30)
    }
    for place in 0..<bytes.count {
      var changed = bytes
      changed[place] ^= 0xFF
      _ = CivilZone(name: "x", zoneFile: changed)?.offset(at: 1_700_000_000)
    }
  }
}
