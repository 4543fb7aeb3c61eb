import Fetching
import PluginKit
import SeriesMath

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where somebody's strategy file is, and which one is meant: `https://host/dip.yaml@` and the 64 digits of its
/// SHA-256.
struct SharedPlace {
  enum Location: Equatable {
    case web(String, isLoopback: Bool)
    case file(String)
  }

  let location: Location
  /// In small letters; nil where none was given.
  let digest: String?
  /// The place without the digest.
  let text: String

  /// The largest file that is taken, in bytes.
  static let limit = 262_144

  init(_ argument: String) throws(Failure) {
    var (place, digest) = (argument, String?.none)
    // An at sign before the last slash belongs to the address.
    if let at = argument.lastIndex(of: "@"), !argument[at...].contains("/") {
      var digits = String(argument[argument.index(after: at)...]).lowercased()
      if digits.hasPrefix("sha256:") { digits.removeFirst(7) }
      guard digits.utf8.count == 64, digits.allSatisfy(\.isHexDigit), digits.utf8.allSatisfy({ $0 < 0x80 }) else {
        throw Failure(
          .usage,
          "what stands behind @ is no SHA-256: found \(digits.utf8.count) signs, wanted are 64 hexadecimal digits")
      }
      (place, digest) = (String(argument[..<at]), digits)
    }
    text = place
    self.digest = digest
    location = try SharedPlace.location(place)
  }

  private static func location(_ place: String) throws(Failure) -> Location {
    guard let gap = place.firstRange(of: ":") else { return .file(place) }
    let (scheme, rest) = (place[..<gap.lowerBound].lowercased(), place[gap.upperBound...])
    switch scheme {
    case "file":
      let path = rest.hasPrefix("//") ? rest.dropFirst(2) : rest
      guard path.hasPrefix("/") else {
        throw Failure(.usage, "\(place): a file: address is file:///folder/name.yaml, without the name of a host")
      }
      return .file(String(path))
    case "http", "https":
      guard rest.hasPrefix("//") else { throw Failure(.usage, "\(place): an address is https://host/name.yaml") }
      let authority = rest.dropFirst(2).prefix { !"/?#".contains($0) }
      guard !authority.contains("@") else {
        throw Failure(.usage, "the address holds a name or a password, and would stand in the history of the shell")
      }
      var host = authority[...]
      if host.hasPrefix("[") {
        host = host.dropFirst().prefix { $0 != "]" }
      } else {
        host = host.prefix { $0 != ":" }
      }
      let isLoopback = Configuration.API.isLoopback(String(host))
      guard scheme == "https" || isLoopback else {
        throw Failure(
          .usage, "\(place): http can be changed on the way: write https; http is admitted on this machine alone")
      }
      return .web(place, isLoopback: isLoopback)
    // `C:\…` and the like are no addresses; a path with a colon is written ./a:b.
    case _ where scheme.contains("/") || scheme.contains("."): return .file(place)
    default:
      throw Failure(.usage, "\(place): \(scheme) is not asked for: admitted are https, file and a path")
    }
  }

  /// The bytes of the file, at most so many.
  func fetch(allowingPrivate: Bool, in surroundings: Surroundings = .machine) async throws(Failure) -> [UInt8] {
    switch location {
    case .file(let path): return try SharedPlace.read(path)
    case .web(let url, let isLoopback):
      var limits = TransferLimits()
      limits.timeout = 20_000
      limits.maxBody = SharedPlace.limit
      // Elsewhere a redirect may leave https, and the hash is of what is meant: let the user see where it leads.
      limits.maxRedirects = 0
      limits.addresses = isLoopback || allowingPrivate ? .any : .publicOnly
      let response: WebResponse
      do throws(WebError) {
        response = try await CurlClient(limits, on: TransferLoop()).send(WebRequest(url))
      } catch {
        throw Failure(.unusable, "\(url): \(error.message)")
      }
      guard response.status == 200 else {
        let there =
          (300..<400).contains(response.status) ? response.headers["location"].map { "; it is at \($0)" } : nil
        throw Failure(.unusable, "\(url): the server answers \(response.status)\(there ?? ""), where 200 is wanted")
      }
      return response.body
    }
  }

  private static func read(_ path: String) throws(Failure) -> [UInt8] {
    let manager = FileManager.default
    var isFolder = false
    guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure(.usage, "there is no file \(path)")
    }
    let kind = (try? manager.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
    let resolved = kind == .typeSymbolicLink ? URL(filePath: path).resolvingSymlinksInPath().path : path
    guard let found = try? manager.attributesOfItem(atPath: resolved),
      found[.type] as? FileAttributeType == .typeRegular
    else { throw Failure(.usage, "\(path) is no file") }
    let size = found[.size] as? Int
    guard let size, size <= limit else {
      throw Failure(.unusable, "\(path) has \(size ?? 0) bytes, and \(limit) are the most that is taken")
    }
    guard let data = manager.contents(atPath: resolved) else { throw Failure(.usage, "\(path) cannot be read") }
    return Array(data)
  }

  /// The SHA-256 of bytes in hexadecimal digits.
  static func digest(of bytes: [UInt8]) -> String {
    var hash = SHA256()
    hash.update(bytes)
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: hash.value().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
