import HTTPTypes

/// A tag of an answer's bytes (RFC 9110, 8.8.3): who has them already is told so. The compressed form has a tag of its own,
/// for its bytes are others.
enum EntityTag {
  static func apply(to answer: Answer, _ head: HTTPRequest, _ coding: Compression.Coding) -> Answer {
    guard case .bytes(let bytes) = answer.body, !answer.headers.contains(where: { $0.name == "Cache-Control" }) else {
      return answer
    }
    let mark = if case .gzip = coding { "-gzip" } else { "" }
    let digest = answer.forms?.digest(of: bytes) ?? AnswerForms.digest(of: bytes)
    let tag = "\"\(digest)\(mark)\""
    var answer = answer
    answer.headers += [("ETag", tag), ("Cache-Control", "private, no-cache")]
    let known = head.headerFields[values: .ifNoneMatch].joined(separator: ",").split(separator: ",")
      .map { $0.filter { $0 != " " } }
    guard known.contains(where: { $0 == "*" || $0 == tag || $0 == "W/" + tag }) else { return answer }
    answer.status = 304
    answer.body = .bytes([])
    return answer
  }
}
