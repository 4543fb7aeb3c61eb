import Pipelines

/// Faults in the Static Analysis Results Interchange Format, version 2.1.0 (OASIS).
struct SARIFLog {
  let diagnostics: [Diagnostic]
  let version: String

  var text: String { document.text }

  private var document: JSONValue {
    [
      "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        [
          "tool": [
            "driver": [
              "name": "finstage", "version": .string(version),
              "rules": .array(Diagnostic.Code.allCases.map { rule($0) }),
            ]
          ],
          "columnKind": "unicodeCodePoints",
          "results": .array(diagnostics.map { result($0) }),
        ]
      ],
    ]
  }

  private func rule(_ code: Diagnostic.Code) -> JSONValue {
    let name = self.name(of: code)
    let words = name.split(separator: "-").joined(separator: " ")
    return [
      "id": .string(id(of: code)), "name": .string(name), "shortDescription": ["text": .string(words)],
      "help": ["text": .string("docs/errors.md says what \(code.rawValue) means.")],
      "defaultConfiguration": ["level": .string(code.severity.rawValue)],
    ]
  }

  private func result(_ fault: Diagnostic) -> JSONValue {
    let index = Diagnostic.Code.allCases.firstIndex(of: fault.code) ?? -1
    let words = fault.message + (fault.hint.map { "\n\($0)" } ?? "")
    return [
      "ruleId": .string(id(of: fault.code)), "ruleIndex": .number(Double(index)),
      "level": .string(fault.severity.rawValue), "message": ["text": .string(words)],
      "locations": [
        [
          "physicalLocation": [
            "artifactLocation": ["uri": .string(uri(of: fault.file))],
            "region": [
              "startLine": .number(Double(fault.line)), "startColumn": .number(Double(fault.column)),
              "endColumn": .number(Double(fault.endColumn)),
            ],
          ]
        ]
      ],
    ]
  }

  /// `E012` of `E012 unknown-module`.
  private func id(of code: Diagnostic.Code) -> String { String(code.rawValue.prefix { $0 != " " }) }

  private func name(of code: Diagnostic.Code) -> String {
    String(code.rawValue.drop { $0 != " " }.dropFirst())
  }

  /// A path as a URI, relative where the path is.
  private func uri(of path: String) -> String {
    var uri = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
      if isPlain || "-._~/".unicodeScalars.contains(scalar) {
        uri.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        uri += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return uri
  }
}
