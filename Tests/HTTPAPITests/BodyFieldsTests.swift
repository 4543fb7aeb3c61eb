import Testing

@testable import HTTPAPI

/// Bodies as JSON: what is wrong is told at once, and nothing is passed over.
@Suite struct BodyFieldsTests {
  @Test func `fields are taken by their kinds, and null is as good as nothing`() throws {
    var fields = try BodyFields(Array(#"{"a": "x", "b": ["y", "z"], "c": 1.5, "d": true, "e": null}"#.utf8))
    #expect(fields.text("a") == "x" && fields.texts("b", count: 1...2) == ["y", "z"])
    #expect(fields.number("c", in: 1...2) == 1.5 && fields.flag("d") == true && fields.text("e") == nil)
    try fields.finish()
  }

  @Test func `every fault is told, with its place`() throws {
    var fields = try BodyFields(Array(#"{"a": 1, "b": ["y", 2], "c": 3, "d": "yes", "more": {}}"#.utf8))
    _ = fields.required("a")
    _ = fields.texts("b", count: 1...2)
    _ = fields.number("c", in: 1...2)
    _ = fields.flag("d")
    _ = fields.required("missing")
    do {
      try fields.finish()
      Issue.record("nothing was found wrong")
    } catch {
      #expect(error.status == 422)
      #expect(error.faults.map(\.place) == ["body/a", "body/b", "body/c", "body/d", "body/missing", "body/more"])
    }
  }

  @Test(arguments: ["", "[]", "1", "{", "{\"a\": }", "\u{0}", "{\"a\": 1e999}"])
  func `what is no object is refused`(_ text: String) {
    #expect(throws: Problem.self) { _ = try BodyFields(Array(text.utf8)) }
  }
}
