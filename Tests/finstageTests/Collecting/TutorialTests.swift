import Foundation
import TestSupport
import Testing

/// Follows docs/tutorials/from-a-source-to-a-backtest.md: writes its files, runs its commands, and finds what it shows.
@Suite struct TutorialTests {
  private struct Block {
    var language: String
    var lines: [String]
  }

  private static func blocks(_ page: String) -> [Block] {
    var blocks: [Block] = []
    var open: Block?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      guard line.hasPrefix("```") else {
        open?.lines.append(line)
        continue
      }
      if let block = open { blocks.append(block) }
      open = open == nil ? Block(language: String(line.dropFirst(3)), lines: []) : nil
    }
    return blocks
  }

  /// Whether a line of the page is one of the output, apart from spaces; `…` stands for anything.
  private static func shows(_ output: String, _ line: String) -> Bool {
    let wanted = line.split(separator: " ")
    return output.split(separator: "\n").contains { found in
      let words = found.split(separator: " ")
      return words.count == wanted.count && zip(words, wanted).allSatisfy { $0 == $1 || $1 == "…" }
    }
  }

  @Test func `what the page says happens`() throws {
    let server = try FaultServer { request, _ in
      let file = CommandTests.root.appending(path: "Samples/\(request.path.dropFirst())")
      return FileManager.default.contents(atPath: file.path()).map { .reply(Array($0)) } ?? .status(404)
    }
    defer { server.stop() }
    let place = CommandTests.root.appending(path: "docs/tutorials/from-a-source-to-a-backtest.md")
    let page = try String(contentsOf: place, encoding: .utf8).replacing("http://127.0.0.1:8000", with: server.url)
    let blocks = TutorialTests.blocks(page)
    let files = blocks.filter { $0.language == "yaml" }.map { $0.lines.joined(separator: "\n") + "\n" }
    let runs = blocks.filter { $0.lines.first?.hasPrefix("$ finstage ") == true }
    #expect(files.count == 3 && runs.count == 6)
    try CommandTests.inFolder(["config.yaml": files[0], "strategies/dip-buyer.yaml": files[1]]) { folder in
      for run in runs {
        let arguments = run.lines[0].split(separator: " ").dropFirst(2).map(String.init)
        let answer = try CommandTests.run(arguments, in: folder)
        #expect(answer.code == 0, "\(run.lines[0]): \(answer.messages)")
        for line in run.lines.dropFirst() {
          #expect(TutorialTests.shows(answer.output, line), "\(run.lines[0]): \(line) in \(answer.output)")
        }
      }
      // The other source is added where the page says.
      let more = files[0].replacing("collect:", with: files[2] + "collect:")
      try more.write(to: folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
      #expect(try CommandTests.finstage("validate", in: folder).code == 0)
      // And the server may be gone.
      server.stop()
      let gone = try CommandTests.finstage("fetch", "IXIC", in: folder)
      #expect(gone.code == 3 && gone.messages.contains("local, IXIC 1d: "), "\(gone.messages)")
      #expect(try CommandTests.finstage("backtest", "--symbol", "IXIC", in: folder).code == 0)
    }
  }
}
