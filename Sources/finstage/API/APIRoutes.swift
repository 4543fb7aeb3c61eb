import HTTPAPI
import Pipelines
import Storage
import Trading

/// All operations of the API.
struct APIRoutes {
  let place: APIPlace

  init(_ place: APIPlace) { self.place = place }

  var all: [Endpoint] {
    let told = health + strategies + signals + inbound + data + schedule + outbox + work + reload + stream
    return told + [document(of: told)]
  }

  /// The document that tells all operations, itself among them.
  private func document(of told: [Endpoint]) -> Endpoint {
    func endpoint(_ answer: @escaping @Sendable (APIRequest) async throws -> Answer) -> Endpoint {
      Endpoint(
        .get, "/api/v1/openapi.json", .role(.read), "getDocument", "This document.",
        content: .json(Schema.fields([("openapi", Schema.text), ("paths", Schema.object)])), answer: answer)
    }
    let text = OpenAPIDocument(told + [endpoint { _ in .text("") }], version: Finstage.version).text
    return endpoint { _ in .json(text) }
  }

  /// Of a table that is served nowhere, for the committed document and its tests.
  static var documentText: String {
    OpenAPIDocument(APIRoutes(APIPlace()).all, version: Finstage.version).text
  }

  static let limit = QueryParameter("limit", .integer(1...1_000), "How many, at most. Default: 50")
  static let symbol = QueryParameter("symbol", .text, "A symbol.")
  static let from = QueryParameter("from", .moment, "From this date or time on.")
  static let to = QueryParameter("to", .moment, "Up to this date or time, the whole day of a date.")
  static let timeframe = QueryParameter("timeframe", .text, "The length of a bar: 1m 5m 15m 1h 4h 1d 1w 1mo.")

  /// The length of a bar that a request names.
  static func timeframe(_ text: String?, at place: String = "query/timeframe") throws(Problem) -> Timeframe? {
    guard let text else { return nil }
    guard let timeframe = Timeframe(text) else {
      throw Problem(
        400, "the query is not as it is to be",
        faults: [Problem.Fault(place, "\"\(text.prefix(40))\" is no timeframe; write 1m 5m 15m 1h 4h 1d 1w 1mo")])
    }
    return timeframe
  }

  /// A strategy's name. Nothing that could stand for a file is one.
  static func isName(_ text: String) -> Bool {
    (1...200).contains(text.utf8.count) && !text.hasPrefix(".") && !text.hasSuffix(".yaml") && !text.hasSuffix(".yml")
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || ["-", "_", "."].contains(scalar)
      }
  }

  /// The same, of a strategy that there is.
  static func name(_ text: String, in context: APIContext) throws -> String {
    guard isName(text) else { throw Problem(404, "there is no strategy of this name") }
    do throws(Failure) {
      _ = try context.workspace.files([text])
    } catch {
      throw Problem(404, "there is no strategy of this name")
    }
    return text
  }
}
