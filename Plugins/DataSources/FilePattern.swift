#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A file, a folder (its `.csv` files) or a shell pattern, relative to a base folder.
struct FilePattern {
  private let path: String
  private let pattern: String

  init(_ path: String, in baseDirectory: String) {
    let isAbsolute = path.hasPrefix("/")
    let base = baseDirectory.isEmpty || baseDirectory == "." ? "" : "\(baseDirectory)/"
    self.path = isAbsolute ? path : base + path
    // Brackets in the name of the config's own folder are no pattern.
    self.pattern = isAbsolute ? path : FilePattern.escaped(base) + path
  }

  /// The files there are now, in alphabetical order.
  func matches() -> [String] {
    switch kind(path) {
    case S_IFREG: return [path]
    case S_IFDIR:
      let folder = path.hasSuffix("/") ? path : "\(path)/"
      return FilePattern.glob(FilePattern.escaped(folder) + "*.[cC][sS][vV]").filter { kind($0) == S_IFREG }
    default: return FilePattern.glob(pattern).filter { kind($0) == S_IFREG }
    }
  }

  private func kind(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  private static func glob(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard systemGlob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in found.gl_pathv[index].map { String(cString: $0) } }
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      if "*?[]\\".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
  }
}

#if canImport(Glibc)
private let systemGlob = Glibc.glob
#elseif canImport(Musl)
private let systemGlob = Musl.glob
#else
private let systemGlob = Darwin.glob
#endif
