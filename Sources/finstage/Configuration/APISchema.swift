import Pipelines
import Storage

/// The JSON Schema of `api:`.
enum APISchema {
  static var value: JSONValue {
    SchemaForm.mapping(
      ["listen"],
      [
        ("listen", text("Address and port: 127.0.0.1:8080")),
        (
          "anonymous",
          SchemaForm.described(
            "What those may do who bring no token. Default: operate where only this machine reaches it (no hosts, no proxies), else none",
            SchemaForm.words(["none"] + AccessRole.allCases.map(\.rawValue)))
        ),
        (
          "hosts",
          SchemaForm.described(
            "Names by which it may be asked, besides those of the address.", SchemaForm.list(of: SchemaForm.text))
        ),
        (
          "proxies",
          SchemaForm.described("Addresses of proxies before it, which bring TLS.", SchemaForm.list(of: SchemaForm.text))
        ),
        ("rate", whole("Requests a second of one token or address. Default: 20", 1...10_000)),
        ("burst", whole("So many at once. Default: 60", 1...100_000)),
        ("connections", whole("Connections at one time. Default: 256", 8...10_000)),
      ])
  }

  private static func text(_ meaning: String) -> JSONValue { SchemaForm.described(meaning, SchemaForm.text) }

  private static func whole(_ meaning: String, _ range: ClosedRange<Int>) -> JSONValue {
    SchemaForm.described(meaning, SchemaForm.whole(range))
  }
}
