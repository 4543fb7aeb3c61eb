import Testing

@Suite struct ReferenceCommandTests {
  @Test("the reference, the schemas and the tables of the docs are those of the modules; else: make reference")
  func nothingIsStale() throws {
    let answer = try CommandTests.finstage("reference", "--check")
    #expect(answer.code == 0, "\(answer.messages)")
  }

  @Test("what is stale is named with the command that mends it") func staleFilesAreNamed() throws {
    let page = "<!-- made by make reference -->\n<!-- end -->\n"
    try CommandTests.inFolder(["docs/expressions.md": page, "docs/channels.md": page]) { folder in
      let answer = try CommandTests.finstage("reference", "--check", in: folder)
      #expect(answer.code == 1)
      #expect(answer.messages.contains("`make reference`"))
      #expect(
        answer.messages.contains(
          "Plugins/README.md, docs/expressions.md, docs/channels.md, strategies/strategy.schema.json"))
    }
  }
}
