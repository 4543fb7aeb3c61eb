import Pipelines

/// The JSON Schema of `resources:`.
enum ResourceSchema {
  static var value: JSONValue {
    SchemaForm.mapping([
      ("cpu", share("Of the time of all processors of the machine.")),
      ("memory", share("Of the memory of the machine, or of the container.")),
      ("disk", share("Of the file system on which the database lies.")),
      ("process_cpu", share("Of the time of one processor, used by this program.")),
      (
        "process_memory",
        SchemaForm.described(
          "Memory of this program: 500MB, 2GB",
          .object([("type", "string"), ("pattern", "^0*[1-9][0-9]*(MB|GB)$"), ("maxLength", .number(8))]))
      ),
      ("for", length("How long it lasts before somebody is told. Default: 2m")),
      ("every", length("How often it is looked. Default: 15s")),
    ])
  }

  private static func share(_ meaning: String) -> JSONValue {
    let number: JSONValue = .object([("type", "number"), ("minimum", .number(0.01)), ("maximum", .number(1))])
    let percent: JSONValue = .object([("type", "string"), ("pattern", "^[0-9]+([.][0-9]+)?%$")])
    return SchemaForm.described(
      meaning, .object([("if", ["type": "string"]), ("then", percent), ("else", number)]))
  }

  private static func length(_ meaning: String) -> JSONValue {
    SchemaForm.described(meaning, .object([("type", "string"), ("pattern", "^0*[1-9][0-9]*(ms|s|m|h|d|w|mo)$")]))
  }
}
