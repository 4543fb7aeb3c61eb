import Pipelines

/// The JSON Schema of `calendars:`.
enum CalendarSchema {
  static var value: JSONValue {
    SchemaForm.named(
      SchemaForm.mapping([
        ("closed", SchemaForm.described("Dates without a session.", SchemaForm.list(of: date))),
        ("opened", SchemaForm.described("Dates with one where the table has none.", SchemaForm.list(of: date))),
        ("early", SchemaForm.described("Closes by date, on the exchange's clock.", byDate)),
        ("late", SchemaForm.described("Openings by date, on the exchange's clock.", byDate)),
        ("zone", text("Of a calendar of one's own: Europe/Berlin, +09:00, or a MIC whose zone it is.")),
        ("hours", text("Of a calendar of one's own: 09:00-17:30")),
        ("pause", text("Of a calendar of one's own: 12:00-13:00")),
        (
          "weekdays",
          SchemaForm.described(
            "Of a calendar of one's own; without them Monday to Friday.",
            SchemaForm.list(of: SchemaForm.words(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])))
        ),
      ]))
  }

  private static func text(_ meaning: String) -> JSONValue { SchemaForm.described(meaning, SchemaForm.text) }

  private static var date: JSONValue {
    .object([("type", "string"), ("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), ("examples", ["2027-01-05"])])
  }

  private static var byDate: JSONValue {
    .object([
      ("type", "object"), ("propertyNames", .object([("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")])),
      ("additionalProperties", .object([("type", "string"), ("pattern", "^[0-2][0-9]:[0-5][0-9]([-+]1)?$")])),
    ])
  }
}
