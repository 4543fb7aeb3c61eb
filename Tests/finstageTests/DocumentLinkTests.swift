import Foundation
import Testing

/// Pages name files of the repository, which are there, and parts of pages, which are there too.
@Suite struct DocumentLinkTests {
  private static let pages: [URL] = {
    let root = CommandTests.root
    let docs = (try? FileManager.default.subpathsOfDirectory(atPath: root.appending(path: "docs").path())) ?? []
    return docs.filter { $0.hasSuffix(".md") }.map { root.appending(path: "docs/\($0)") }
      + ["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md"].map { root.appending(path: $0) }
  }()

  /// The part of a link to a heading, as GitHub makes it.
  private static func anchors(of page: String) -> Set<String> {
    let headings = page.split(separator: "\n").filter { $0.hasPrefix("#") }
    return Set(
      headings.map { heading in
        let words = heading.drop { $0 == "#" || $0 == " " }.lowercased()
        return String(words.filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" })
          .replacing(" ", with: "-")
      })
  }

  @Test func `every link to a file of the repository has its end`() throws {
    #expect(Self.pages.count > 30)
    for page in Self.pages {
      let text = try String(contentsOf: page, encoding: .utf8)
      for match in text.matches(of: /\]\(([^)\s]+)\)/) {
        let link = String(match.1)
        guard !link.contains("://"), !link.hasPrefix("mailto:") else { continue }
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let path = parts[0].removingPercentEncoding ?? parts[0]
        let file = path.isEmpty ? page : page.deletingLastPathComponent().appending(path: path).standardized
        #expect(FileManager.default.fileExists(atPath: file.path()), "\(page.lastPathComponent): \(link)")
        guard parts.count == 2, file.pathExtension == "md", let target = try? String(contentsOf: file, encoding: .utf8)
        else { continue }
        #expect(Self.anchors(of: target).contains(parts[1]), "\(page.lastPathComponent): \(link)")
      }
    }
  }
}
