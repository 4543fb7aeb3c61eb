import Testing
import Trading

@testable import News

@Suite struct RecordTests {
  private static func records(_ text: String) throws -> [Record] { try Record.read(Array(text.utf8), file: "f") }

  @Test func `a table is read with quotes, line ends within them, and any separator of its head`() throws {
    let records = try Self.records("\u{FEFF}Time;Title\r\n2024-01-02;\"a \"\"b\"\";\nc\"\r\n\r\n2024-01-03;d\n")
    #expect(records.map { $0.text("title") } == ["a \"b\";\nc", "d"])
    #expect(records.map(\.place) == ["line 2", "line 5"])
    #expect(try Self.records("a|b\n1|2").first?.text("b") == "2")
  }

  @Test(arguments: [
    ("", "is empty"), ("a,a\n1,2", "line 1: the column \"a\" stands twice"),
    ("a,b\n1,2,3", "line 2: has 3 fields, the head has 2"), ("a,b\n\"1,2", "line 2: a quote is not closed"),
    ("a,b\n\"1\"x,2", "line 2: something stands behind a closing quote"), ("[1]", "item 1: is no object"),
    ("{\"a\": 1}", "has no list of objects"), ("[{\"a\": 1},", "is no sound JSON"),
  ]) func `a fault of a file says where it is`(_ text: String, _ message: String) throws {
    do throws(RecordFault) {
      _ = try Record.read(Array(text.utf8), file: "f")
      Issue.record("no fault")
    } catch {
      #expect("\(error)".hasPrefix("f: \(message)"), "\(error)")
    }
  }

  @Test func `bytes that are no text are refused with their line`() {
    #expect(throws: RecordFault.self) { try Record.read([97, 10, 0xFF, 0xFE, 10], file: "f") }
  }

  @Test func `brackets nested without end are refused and do not exhaust the stack`() {
    let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 200_000)
    #expect(throws: RecordFault.self) { try Record.read(bytes, file: "f") }
  }

  @Test func `a list of objects, of numbered objects, and of rows under fields are the same records`() throws {
    let forms = [
      "[{\"ticker\": \"A\", \"cik_str\": 1}, {\"ticker\": \"B\", \"cik_str\": null}]",
      "{\"1\": {\"ticker\": \"B\"}, \"0\": {\"ticker\": \"A\", \"cik_str\": 1}}",
      "{\"fields\": [\"cik_str\", \"ticker\"], \"data\": [[1, \"A\"], [null, \"B\"]]}",
    ]
    for form in forms {
      let records = try Self.records(form)
      #expect(records.map { $0.text("ticker") } == ["A", "B"])
      #expect(records.map { $0.text("cik_str") } == ["1", nil])
    }
  }

  @Test func `news is known at its time, later where the file says so, and a date at its end`() throws {
    let text = """
      published,headline,symbols,score,known_at
      2024-01-02T10:00:00Z,a,"AAPL, MSFT",0.5,
      2024-01-02,b,,,
      2024-01-02T10:00:00+09:00,c,AAPL,,2024-01-03T00:00:00Z
      """
    let items = try ListedNews.read(Self.records(text), file: "f")
    #expect(
      items.map { "\($0.publishedAt)" } == ["2024-01-02T10:00:00Z", "2024-01-03T00:00:00Z", "2024-01-02T01:00:00Z"])
    #expect(items[2].knownAt == Instant("2024-01-03T00:00:00Z"))
    #expect(items[0].symbols == ["AAPL", "MSFT"] && items[0].score == 0.5 && items[1].score == nil)
  }

  @Test func `every fault of a file of news is told at once, with its line`() throws {
    let text = "time,title,score\nnever,a,\n2024-01-02,b,2\n2024-01-02,,\n,c,\n"
    do throws(RecordFault) {
      _ = try ListedNews.read(Record.read(Array(text.utf8), file: "n.csv"), file: "n.csv")
      Issue.record("no fault")
    } catch {
      #expect(
        "\(error)" == """
          n.csv: line 2: "never" is no time; write 2024-01-31T15:30:00Z
          n.csv: line 3: score is a number from -1 to 1; found "2"
          n.csv: line 4: has neither a title nor a score
          n.csv: line 5: has no time; columns: time, title, summary, symbols, score, known_at
          """)
    }
  }
}
