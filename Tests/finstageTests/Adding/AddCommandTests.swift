import Foundation
import SeriesMath
import TestSupport
import Testing

/// `finstage add`: what is kept is what was meant, and nothing is kept that anything speaks against.
@Suite struct AddCommandTests {
  private static let sound = """
    name: shared-dip
    title: A dip
    timeframe: 1d
    symbols: [X]
    pipeline:
      - { id: dip, buy: "close < sma(close, 5)", sell: "close > sma(close, 5)" }
    tests:
      - { name: a fall fires, closes: '100x5 90', expect: [{ bar: 5, direction: buy }] }

    """

  private static func digest(_ text: String) -> String {
    var hash = SHA256()
    hash.update(Array(text.utf8))
    return hash.value().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private func inFolder(_ body: (URL) throws -> Void) throws {
    try CommandTests.inFolder(
      ["config.yaml": "strategies: mine\n", "mine/own.yaml": CommandTests.strategy("own")], body)
  }

  private func add(_ arguments: String..., in folder: URL) throws -> CommandTests.Answer {
    try CommandTests.run(["add"] + arguments, in: folder)
  }

  private func files(_ folder: URL) -> [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path())) ?? [])
      .filter { !["mine", "config.yaml", "mine/own.yaml"].contains($0) }.sorted()
  }

  @Test func `a file with its hash is checked, tested, certified and kept as it is`() throws {
    let server = try FaultServer(["/a/any-name.yml": [.text(Self.sound)]])
    defer { server.stop() }
    try inFolder { folder in
      let place = "http://127.0.0.1:\(server.port)/a/any-name.yml"
      let kept = try add("\(place)@\(Self.digest(Self.sound))", in: folder)
      #expect(kept.code == 0 && kept.output.isEmpty, "\(kept)")
      #expect(kept.messages.contains("1 tests passed") && kept.messages.contains("nothing read ahead"), "\(kept)")
      let file = folder.appending(path: "mine/shared-dip.yaml")
      #expect(try String(contentsOf: file, encoding: .utf8) == Self.sound)
      #expect(files(folder) == ["mine/shared-dip.yaml"])
      // Again: it is there, and stays.
      let again = try add("\(place)@SHA256:\(Self.digest(Self.sound).uppercased())", in: folder)
      #expect(again.code == 0 && again.messages.contains("is there already, the same"), "\(again)")
    }
  }

  @Test func `without a hash it is told and nothing is kept, and another hash is refused`() throws {
    let server = try FaultServer(["/s.yaml": [.text(Self.sound)]])
    defer { server.stop() }
    try inFolder { folder in
      let place = "http://localhost:\(server.port)/s.yaml"
      let told = try add(place, in: folder)
      #expect(told.code == 2 && told.messages.contains("finstage add \(place)@\(Self.digest(Self.sound))"), "\(told)")
      let other = String(repeating: "ab", count: 32)
      let refused = try add("\(place)@\(other)", in: folder)
      #expect(refused.code == 1 && refused.messages.contains("and \(other) was wanted"), "\(refused)")
      #expect(refused.messages.contains(Self.digest(Self.sound)))
      #expect(files(folder).isEmpty)
    }
  }

  @Test func `a path and a file address are taken too`() throws {
    try inFolder { folder in
      try Self.sound.write(to: folder.appending(path: "got.yaml"), atomically: true, encoding: .utf8)
      let hash = Self.digest(Self.sound)
      let path = try add("got.yaml@\(hash)", in: folder)
      #expect(path.code == 0, "\(path)")
      let address = try add("file://\(folder.appending(path: "got.yaml").path())@\(hash)", in: folder)
      #expect(address.code == 0 && address.messages.contains("the same"), "\(address)")
    }
  }

  @Test(arguments: [
    ("http://example.org/s.yaml", "write https"), ("ftp://example.org/s.yaml", "ftp is not asked for"),
    ("https://me:word@example.org/s.yaml", "holds a name or a password"), ("s.yaml@12ab", "found 4 signs"),
    ("http://127.0.0.1.example.org/s.yaml", "write https"), ("javascript:alert(1)", "javascript is not asked for"),
    ("nowhere.yaml", "there is no file nowhere.yaml"), ("mine", "mine is no file"), ("/dev/zero", "is no file"),
    ("file://host/s.yaml", "without the name of a host"),
  ])
  func `an address that is not admitted says what is`(_ place: String, _ words: String) throws {
    try inFolder { folder in
      let answer = try add(place, in: folder)
      #expect(answer.code == 2 && answer.messages.contains(words), "\(answer)")
    }
  }

  @Test func `a server that fails, redirects or sends too much ends it`() throws {
    let long = "# " + String(repeating: "x", count: 300_000)
    let server = try FaultServer([
      "/gone.yaml": [.status(404)], "/long.yaml": [.text(long)],
      "/moved.yaml": [.redirect(to: "https://elsewhere.example/s.yaml")],
    ])
    defer { server.stop() }
    try inFolder { folder in
      for (name, words) in [
        ("gone", "answers 404"), ("long", "262144"), ("moved", "it is at https://elsewhere.example/s.yaml"),
      ] {
        let place = "http://127.0.0.1:\(server.port)/\(name).yaml"
        let answer = try add("\(place)@\(Self.digest(long))", in: folder)
        #expect(answer.code == 3 && answer.messages.contains(words), "\(name): \(answer)")
      }
      try long.write(to: folder.appending(path: "long.yaml"), atomically: true, encoding: .utf8)
      #expect(try add("long.yaml", in: folder).messages.contains("300002 bytes"))
    }
  }

  @Test(arguments: [
    ("name: shared-dip", "name: ../../etc/cron.d/x", "is no name for a file"),
    ("name: shared-dip", "name: .hidden", "is no name for a file"),
    ("name: shared-dip\n", "", "has no name"),
    ("close < sma", "clse < sma", "did you mean \"close\"?"),
    ("bar: 5", "bar: 4", "does not pass its own tests"),
    ("title: A dip", "title: \"${file:/etc/passwd}\"", "may not read what stands on this machine"),
    ("title: A dip", "title: \"${env:HOME}\"", "may not read what stands on this machine"),
    ("closes: '100x5 90'", "data: /etc/hosts", "cannot be looked for"),
    ("close < sma(close, 5)", "close[-1] > close", "E032"),
    ("title: A dip", "title: &a [*a, *a]", "E005"),
  ])
  func `what anything speaks against is not kept`(_ part: String, _ other: String, _ words: String) throws {
    try inFolder { folder in
      let text = Self.sound.replacing(part, with: other)
      #expect(text != Self.sound)
      try text.write(to: folder.appending(path: "got.yaml"), atomically: true, encoding: .utf8)
      let answer = try add("got.yaml@\(Self.digest(text))", in: folder)
      #expect(answer.code == 1 && answer.messages.contains(words), "\(answer)")
      #expect(files(folder) == ["got.yaml"])
    }
  }

  @Test func `another file of the name is never overwritten unless that is said`() throws {
    try inFolder { folder in
      let mine = folder.appending(path: "mine/shared-dip.yaml")
      try Self.sound.replacing("A dip", with: "Mine").write(to: mine, atomically: true, encoding: .utf8)
      try Self.sound.write(to: folder.appending(path: "got.yaml"), atomically: true, encoding: .utf8)
      let place = "got.yaml@\(Self.digest(Self.sound))"
      let refused = try add(place, in: folder)
      #expect(refused.code == 2 && refused.messages.contains("--replace"), "\(refused)")
      #expect(try String(contentsOf: mine, encoding: .utf8).contains("Mine"))
      #expect(try add(place, "--replace", in: folder).code == 0)
      #expect(try String(contentsOf: mine, encoding: .utf8) == Self.sound)
      // In a folder below, the name is taken too.
      let below = folder.appending(path: "mine/trend/shared-dip.yaml")
      try FileManager.default.createDirectory(
        at: below.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.moveItem(at: mine, to: below)
      let taken = try add(place, "--replace", in: folder)
      #expect(taken.code == 2 && taken.messages.contains("mine/trend/shared-dip.yaml"), "\(taken)")
    }
  }

  @Test func `text that steers a terminal stays out of what is said`() throws {
    let text = Self.sound.replacing("A dip", with: "\"\u{1B}[2J\"").replacing("close < sma", with: "clse < sma")
    try inFolder { folder in
      try text.write(to: folder.appending(path: "got.yaml"), atomically: true, encoding: .utf8)
      let answer = try add("got.yaml@\(Self.digest(text))", in: folder)
      #expect(answer.code == 1 && !(answer.messages + answer.output).contains("\u{1B}"), "\(answer)")
    }
  }
}
