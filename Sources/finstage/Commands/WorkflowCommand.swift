import Pipelines

extension Diagnostic {
  /// The fault as a workflow command of GitHub, which shows it at its line.
  var workflowCommand: String {
    let place = "file=\(property(file)),line=\(line),col=\(column),endColumn=\(endColumn)"
    let words = message + (hint.map { "\n\($0)" } ?? "")
    return "::\(severity.rawValue) \(place),title=\(property(code.rawValue))::\(data(words))"
  }

  private func data(_ text: String) -> String {
    escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
  }

  private func property(_ text: String) -> String {
    escaped(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
  }

  private func escaped(_ text: String, _ forms: [Unicode.Scalar: String]) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if let form = forms[scalar] { result += form } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
