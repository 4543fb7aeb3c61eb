import Foundation
import Storage
import TestSupport
import Testing
import Trading

/// Quality of what the store holds, as a user meets it.
@Suite struct StoredQualityTests {
  private static let sound = DataCheckTests.inPence.split(separator: "\n").map { line in
    // The row of the 15th, whose low and close are in the wrong unit, with the right ones.
    line.hasPrefix("2024-02-15") ? "2024-02-15,103.0,104.0,102.0,103.0,915" : String(line)
  }.joined(separator: "\n")

  private func inFolder(_ configuration: String = "", _ body: (URL) throws -> Void) throws {
    let files = [
      "config.yaml": "storage: { sqlite: f.db }\n" + configuration, "bad.csv": DataCheckTests.inPence,
      "good.csv": Self.sound, "strategies/s.yaml": CommandTests.strategy("s"),
    ]
    try CommandTests.inFolder(files, body)
  }

  private func take(_ file: String, as symbol: String, in folder: URL) throws -> CommandTests.Answer {
    try CommandTests.finstage("import", file, "--symbol", symbol, "--timeframe", "1d", in: folder)
  }

  private func closes(_ symbol: String, in folder: URL, _ more: String...) throws -> [Substring] {
    let csv = try CommandTests.run(["candles", symbol, "--format", "csv"] + more, in: folder)
    return csv.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[4] }
  }

  @Test func whatComesInIsCheckedAndNotMended() throws {
    try inFolder { folder in
      let bad = try take("bad.csv", as: "X", in: folder)
      #expect(bad.code == 0 && bad.messages.contains("X 1d from import: 1 error"))
      #expect(bad.messages.contains("finstage data check X shows them"))
      let good = try take("good.csv", as: "Y", in: folder)
      #expect(good.code == 0 && good.messages.isEmpty)

      let check = try CommandTests.finstage("data", "check", "--format", "json", in: folder)
      #expect(check.code == 1)
      let whole = try #require(
        try JSONSerialization.jsonObject(with: Data(check.output.utf8)) as? [String: [[String: Any]]])
      let finding = try #require(whole["findings"]?.first { $0["severity"] as? String == "error" })
      #expect(finding["symbol"] as? String == "X" && finding["kind"] as? String == "unit_100x")
      #expect(finding["file"] is NSNull && finding["source"] as? String == "import")
      let fine = try CommandTests.finstage("data", "check", "Y", "--format", "json", in: folder)
      #expect(fine.code == 0)
      let none = try #require(
        try JSONSerialization.jsonObject(with: Data(fine.output.utf8)) as? [String: [[String: Any]]])
      #expect(none["findings"]?.isEmpty == true)
      #expect(try CommandTests.finstage("data", "check", "Y", "--timeframe", "1h", in: folder).code == 3)
      let some = try CommandTests.finstage("data", "check", "Y", "Z", in: folder)
      #expect(some.code == 4 && some.messages.contains("Z: it is neither collected nor imported"))
    }
  }

  @Test func aRepairInTheStoreIsRecordedAndLeadsBack() throws {
    try inFolder { folder in
      _ = try take("bad.csv", as: "X", in: folder)
      let before = try closes("X", in: folder)
      let backtest = try CommandTests.finstage("backtest", "s", "--symbol", "X", in: folder)
      #expect(backtest.code == 0 && backtest.messages.contains("X 1d from import: an error in its prices"))

      let repair = try CommandTests.finstage("data", "check", "X", "--repair", in: folder)
      #expect(repair.code == 0 && repair.messages.contains("mended 1 bar, revision 1"))
      let after = try closes("X", in: folder)
      #expect(before.count == after.count && zip(before, after).count { $0 != $1 } == 1)
      let quiet = try CommandTests.finstage("backtest", "s", "--symbol", "X", in: folder)
      #expect(quiet.code == 0 && !quiet.messages.contains("in its prices"))
      let revisions = try CommandTests.finstage("candles", "X", "--revisions", "--format", "csv", in: folder)
      #expect(revisions.output.contains("2024-02-15T00:00:00Z,1,") && revisions.output.contains(",repair,"))

      // The same file again repeats what was mended: the repair stands.
      let again = try take("bad.csv", as: "X", in: folder)
      #expect(again.output.contains("0 new, 20 unchanged, 0 corrected"))
      #expect(try closes("X", in: folder) == after)

      let list = try CommandTests.finstage("data", "repairs", "X", in: folder)
      #expect(list.output.contains("revision 1 of") && list.output.contains("unit_100x 2024-02-15"))
      let undo = try CommandTests.finstage("data", "undo", "X", in: folder)
      #expect(undo.code == 0 && undo.output.contains("1 of 1 bars are as they were"))
      #expect(undo.messages.contains("1 error"))
      #expect(try closes("X", in: folder) == before)
      #expect(try CommandTests.finstage("data", "undo", "X", in: folder).code == 3)
      let json = try CommandTests.finstage("data", "repairs", "--format", "json", in: folder)
      let read = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
      let first = try #require((read["repairs"] as? [[String: Any]])?.first)
      #expect(first["undone_by"] as? Int == 2 && first["bars"] as? Int == 1)
    }
  }

  @Test func aFetchLooksThroughWhatItBrings() throws {
    let server = try FaultServer([
      "/X.csv": [.text(DataCheckTests.inPence)], "/M.csv": [.text(DataCheckTests.inPence)],
      "/Y.csv": [.text(Self.sound)],
    ])
    defer { server.stop() }
    let configuration = """
      sources:
        venue: { type: http_csv, url: "\(server.url)/{symbol}.csv", timeframes: { 1d: d }, allow_private: true }
      collect:
        - { source: venue, symbols: [X, Y], timeframe: 1d }
        - { source: venue, symbols: [M], timeframe: 1d, quality: repair }
      """
    try inFolder(configuration) { folder in
      let fetch = try CommandTests.finstage("fetch", "--from", "2024-01-01", "--format", "json", in: folder)
      #expect(fetch.code == 0, "\(fetch.messages)")
      #expect(fetch.messages.contains("X 1d from venue: 1 error") && !fetch.messages.contains("Y 1d"))
      #expect(fetch.messages.contains("M 1d from venue: mended 1 bar, revision 1"))
      let read = try #require(try JSONSerialization.jsonObject(with: Data(fetch.output.utf8)) as? [String: Any])
      let all = try #require(read["collected"] as? [[String: Any]])
      #expect(all.map { $0["errors"] as? Int } == [1, 0, 0] && all.map { $0["repaired"] as? Int } == [nil, nil, 1])
      // What was found is said as long as it is there, and the repair stands though the source has not changed.
      let again = try CommandTests.finstage("fetch", "--from", "2024-01-01", in: folder)
      #expect(again.messages.contains("X 1d from venue: 1 error") && !again.messages.contains("M 1d"))
      #expect(try closes("M", in: folder) != closes("X", in: folder))
      #expect(try CommandTests.finstage("data", "check", "M", "Y", in: folder).code == 0)
      #expect(try CommandTests.finstage("data", "check", in: folder).code == 1)
    }
  }

  @Test func theConfigurationSaysWhatBecomesOfWhatIsFound() throws {
    try inFolder("quality: { collecting: repair, repair: [unit_100x] }\n") { folder in
      let bad = try take("bad.csv", as: "X", in: folder)
      #expect(bad.messages.contains("mended 1 bar, revision 1") && !bad.messages.contains("error"))
    }
    try inFolder("quality: { collecting: repair, repair: [spike] }\n") { folder in
      let bad = try take("bad.csv", as: "X", in: folder)
      #expect(!bad.messages.contains("mended") && bad.messages.contains("1 error"))
    }
    try inFolder("quality: { collecting: none }\n") { folder in
      let quiet = try take("bad.csv", as: "X", in: folder)
      #expect(quiet.messages == "")
    }
    let item = """
      sources: { import: { type: stooq } }
      collect: [{ source: import, symbols: [X], timeframe: 1d, quality: repair }]
      """
    try inFolder(item) { folder in
      #expect(try take("bad.csv", as: "X", in: folder).messages.contains("mended 1 bar"))
      let other = try take("bad.csv", as: "Y", in: folder)
      #expect(!other.messages.contains("mended"))
    }
    try inFolder("quality: { collecting: sometimes }\n") { folder in
      let wrong = try take("bad.csv", as: "X", in: folder)
      #expect(wrong.code == 3 && wrong.messages.contains("none, check"))
    }
  }

  @Test func theCurrencyAndTheCalendarOfTheConfigurationAreWhatPricesAreCheckedBy() throws {
    let configuration = "instruments: { X: { currency: GBP, exchange: XNYS }, Y: { exchange: NOWHERE } }\n"
    try inFolder(configuration) { folder in
      var text = Self.sound.replacingOccurrences(of: "volume\n", with: "volume,currency\n")
      text = text.split(separator: "\n").map { $0.hasPrefix("date") ? String($0) : "\($0),USD" }.joined(separator: "\n")
      try text.write(to: folder.appending(path: "usd.csv"), atomically: true, encoding: .utf8)
      _ = try take("usd.csv", as: "X", in: folder)
      _ = try take("good.csv", as: "Y", in: folder)
      let check = try CommandTests.finstage("data", "check", "X", in: folder)
      #expect(check.code == 1 && check.output.contains("currency_mismatch"))
      let other = try CommandTests.finstage("data", "check", "Y", in: folder)
      #expect(other.code == 0)
      let exchange = try CommandTests.finstage("data", "check", "Y", "--exchange", "NOWHERE", in: folder)
      #expect(exchange.code == 2)
    }
  }

  @Test func whatWasImportedCanBeBacktestedWithoutAnItemUnderCollect() throws {
    try inFolder { folder in
      let nothing = try CommandTests.finstage("backtest", "s", "--symbol", "X", in: folder)
      #expect(nothing.code == 3 && nothing.messages.contains("X 1d: it is neither collected nor imported"))
      #expect(nothing.messages.contains("finstage import FILE --symbol X --timeframe 1d"))
      _ = try take("good.csv", as: "X", in: folder)
      let named = try CommandTests.finstage("backtest", "s", "--symbol", "X", "--format", "json", in: folder)
      #expect(named.code == 0 && named.output.contains("\"symbol\" : \"X\""))
      // A symbol that no strategy names is tried, as a file would be.
      _ = try take("good.csv", as: "OTHER", in: folder)
      let tried = try CommandTests.finstage("backtest", "s", "--symbol", "OTHER", "--format", "json", in: folder)
      #expect(tried.code == 0 && tried.output.contains("\"symbol\" : \"OTHER\""))
      #expect(tried.messages.contains("no strategy names OTHER"))
      let unknown = try CommandTests.finstage("backtest", "s", "--symbol", "UNKNOWN", in: folder)
      #expect(unknown.code == 3 && unknown.messages.contains("UNKNOWN: it is neither collected nor imported"))
    }
    let item = """
      sources: { stooq: { type: stooq } }
      collect: [{ source: stooq, symbols: [X], timeframe: 1d }]
      """
    try inFolder(item) { folder in
      let nothing = try CommandTests.finstage("backtest", "s", "--symbol", "X", in: folder)
      #expect(nothing.code == 3 && nothing.messages.contains("nothing of it was fetched from stooq yet"))
      #expect(nothing.messages.contains("run finstage fetch X"))
    }
  }

  @Test func oneLineStandsForManySeriesThatAreAsTheyShouldBe() throws {
    try inFolder { folder in
      let files = (10..<23).map { "S\($0)=good.csv" } + ["BAD=bad.csv"]
      #expect(try CommandTests.run(["import", "--timeframe", "1d"] + files, in: folder).code == 0)
      let doctor = try CommandTests.finstage("doctor", in: folder)
      #expect(doctor.code == 0 && doctor.output.contains("13 are as they should be; --all lists them"))
      #expect(doctor.output.contains("BAD 1d from import") && !doctor.output.contains("S10"))
      #expect(doctor.output.contains("1 error in its prices: finstage data check BAD shows what"))
      let all = try CommandTests.finstage("doctor", "--all", in: folder)
      #expect(all.output.contains("S10 1d from import") && all.output.contains("S22 1d from import"))
      let json = try CommandTests.finstage("doctor", "--format", "json", in: folder)
      #expect(json.output.contains("S10 1d from import"))
    }
  }

  @Test func instrumentsAreKeptAndCalledByTheirNames() async throws {
    let configuration = """
      locale: ko
      instruments: { X: { name: { en: Example, ko: 보기 }, exchange: XNYS, currency: USD }, Y: { name: Other } }

      """
    try inFolder(configuration) { folder in
      _ = try take("good.csv", as: "X", in: folder)
      let list = try CommandTests.finstage("candles", in: folder)
      #expect(list.output.contains("보기"))
      let doctor = try CommandTests.finstage("doctor", in: folder)
      #expect(doctor.code == 0 && doctor.output.contains("X 1d from import (보기)"))
      // Presidents' Day, February 19th, is no session; the rest of the month has every bar but those after the 28th.
      #expect(doctor.output.contains("none missing by XNYS") && doctor.output.contains("calendar XNYS"))
      // A name that the configuration gives no longer is still known.
      try "storage: { sqlite: f.db }\nlocale: ko\n".write(
        to: folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
      #expect(try CommandTests.finstage("candles", in: folder).output.contains("보기"))
    }
  }
}
