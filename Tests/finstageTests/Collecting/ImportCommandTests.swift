import Foundation
import Testing

/// `finstage import` as a user runs it.
@Suite struct ImportCommandTests {
  private static func bars(_ count: Int, from price: Int = 100) -> String {
    "timestamp,open,high,low,close,volume\n"
      + (0..<count).map { bar in
        let price = price + bar
        return "2024-01-\(bar < 9 ? "0" : "")\(bar + 1),\(price),\(price + 2),\(price - 1),\(price + 1),50\n"
      }.joined()
  }

  @Test func `files go into the store under their names, and a second time nothing is new`() throws {
    let files = [
      "config.yaml": "storage: { sqlite: data/f.db }\n", "p/MSFT.csv": ImportCommandTests.bars(5),
      "p/AAPL-1d.csv": ImportCommandTests.bars(7),
    ]
    try CommandTests.inFolder(files) { folder in
      let first = try CommandTests.finstage("import", "p/MSFT.csv", "p/AAPL-1d.csv", "X=p/MSFT.csv", in: folder)
      #expect(first.code == 0, "\(first.messages)")
      #expect(
        first.output == """
          MSFT 1d from import: 5 new, 0 unchanged, 0 corrected
          AAPL 1d from import: 7 new, 0 unchanged, 0 corrected
          X 1d from import: 5 new, 0 unchanged, 0 corrected

          """)
      let named = try CommandTests.finstage(
        "import", "p/MSFT.csv", "--symbol", "AAPL", "--timeframe", "1d", in: folder)
      #expect(named.output == "AAPL 1d from import: 0 new, 5 unchanged, 0 corrected\n")
      // Another source is another series.
      let other = try CommandTests.finstage("import", "p/MSFT.csv", "--source", "broker", in: folder)
      #expect(other.output == "MSFT 1d from broker: 5 new, 0 unchanged, 0 corrected\n")
      let listed = try CommandTests.finstage(
        "candles", "MSFT", "--source", "import", "--format", "csv", in: folder)
      #expect(listed.output.split(separator: "\n").count == 6)
    }
  }

  @Test func `a price that differs is a correction, and the old one is kept`() throws {
    let files = [
      "config.yaml": "storage: { sqlite: data/f.db }\n", "A.csv": ImportCommandTests.bars(5),
      "B.csv": ImportCommandTests.bars(5).replacing("103,105,102,104", with: "103,105,102,103.5"),
    ]
    try CommandTests.inFolder(files) { folder in
      #expect(try CommandTests.finstage("import", "A.csv", in: folder).code == 0)
      let answer = try CommandTests.finstage("import", "A=B.csv", in: folder)
      #expect(answer.output == "A 1d from import: 0 new, 4 unchanged, 1 corrected\n")
      let replaced = try CommandTests.finstage("candles", "A", "--revisions", "--format", "csv", in: folder)
      #expect(replaced.output.contains("2024-01-04T00:00:00Z,1,") && replaced.output.contains(",103,105,102,104,50"))
    }
  }

  @Test func `a file that cannot be read is named, and the others are taken`() throws {
    let files = [
      "config.yaml": "storage: { sqlite: data/f.db }\n", "A.csv": ImportCommandTests.bars(5),
      "B.csv": "timestamp,open\n", "C.csv": ImportCommandTests.bars(3),
    ]
    try CommandTests.inFolder(files) { folder in
      let answer = try CommandTests.finstage("import", "A.csv", "B.csv", "none.csv", "C.csv", in: folder)
      #expect(answer.code == 4 && answer.output.split(separator: "\n").count == 2)
      #expect(answer.messages.contains("B.csv") && answer.messages.contains("none.csv"), "\(answer.messages)")
      #expect(try CommandTests.finstage("import", "none.csv", in: folder).code == 2)
      #expect(try CommandTests.finstage("import", "B.csv", in: folder).code == 3)
      #expect(try CommandTests.finstage("import", "X=A.csv", "--symbol", "A", in: folder).code == 2)
      #expect(try CommandTests.finstage("import", "A.csv", "--timeframe", "often", in: folder).code == 2)
      let length = try CommandTests.finstage("import", "A.csv", "--timeframe", "1w", in: folder)
      #expect(length.code == 3 && length.messages.contains("its bars are 1d apart, where --timeframe says 1w"))
    }
  }

  @Test func `Ctrl-C ends it between two files, and the next run takes the rest`() throws {
    let names = (0..<400).map { "S\($0).csv" }
    var files = ["config.yaml": "storage: { sqlite: data/f.db }\n"]
    for name in names { files[name] = ImportCommandTests.bars(20) }
    try CommandTests.inFolder(files) { folder in
      let program = try RunningProgram(["import"] + names, in: folder)
      program.wait { program.said.contains("\n") }
      program.interrupt()
      let answer = try program.end()
      #expect(answer.code == 130 && answer.messages.contains("what came before it is kept"), "\(answer.messages)")
      let taken = answer.output.split(separator: "\n").count
      #expect(answer.messages.hasPrefix("interrupted before S\(taken).csv"))
      let rest = try CommandTests.run(["import"] + names, in: folder)
      #expect(rest.code == 0)
      let lines = rest.output.split(separator: "\n")
      #expect(lines.count == 400)
      #expect(lines.count { $0.hasSuffix("0 new, 20 unchanged, 0 corrected") } == taken)
    }
  }
}
