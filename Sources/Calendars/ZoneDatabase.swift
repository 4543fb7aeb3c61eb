import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Why there is no such zone.
public enum ZoneFault: Error, Hashable, Sendable {
  /// The database is there and has no zone of that name.
  case unknown(String)
  /// There is no database at any of the places.
  case noDatabase([String])
  /// The zone's file is not in the form of RFC 9636.
  case damaged(String)
}

extension ZoneFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let name): "there is no time zone \"\(name)\""
    case .noDatabase(let folders):
      "there is no tz database at \(folders.joined(separator: " or ")): install the package tzdata, or write UTC or an "
        + "offset such as +09:00"
    case .damaged(let path): "\(path) is no zone file (TZif, RFC 9636)"
    }
  }
}

/// The tz database of the machine.
public struct ZoneDatabase: Sendable {
  public let folders: [String]

  public init(folders: [String] = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/var/db/timezone/zoneinfo"]) {
    self.folders = folders
  }

  /// A zone by its name; `UTC` and offsets such as `+09:00` need no database.
  public func zone(_ name: String) throws(ZoneFault) -> CivilZone {
    if name == "UTC" { return .utc }
    if let minutes = ClockZone.offset(name) {
      return CivilZone(name: name, changes: [.min], offsets: [Int64(minutes) * 60])
    }
    let isName =
      !name.isEmpty && name.utf8.count <= 64 && !["/", "right/", "posix/"].contains(where: name.hasPrefix)
      && name.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || "0123456789_-+/".unicodeScalars.contains($0))
      }
    for folder in folders where isName {
      let path = "\(folder)/\(name)"
      var isFolder = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder else { continue }
      guard let data = FileManager.default.contents(atPath: path), data.count <= 1_000_000,
        let zone = CivilZone(name: name, zoneFile: Array(data))
      else { throw .damaged(path) }
      return zone
    }
    guard folders.contains(where: { FileManager.default.fileExists(atPath: $0) }) else { throw .noDatabase(folders) }
    throw .unknown(name)
  }

  /// Every name that there is, by alphabet; for messages.
  public var names: [String] {
    for folder in folders {
      let below = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
      let names = below.filter { name in
        name.first?.isUppercase == true && !name.contains(".")
          && !["posix/", "right/", "SystemV/"].contains(where: name.hasPrefix)
      }
      if !names.isEmpty { return names.sorted() }
    }
    return []
  }
}
