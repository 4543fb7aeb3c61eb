import Engine
import HTTPAPI
import Pipelines
import Storage

/// Signals from outside.
extension APIRoutes {
  /// Bytes of a message: senders' templates are short.
  private static let longestMessage = 32_768

  var inbound: [Endpoint] {
    let answer = Schema.fields([("signal", Schema.integer), ("state", Schema.words(["saved", "repeated"]))])
    func endpoint(_ path: String, _ id: String, _ summary: String) -> Endpoint {
      Endpoint(
        .post, path, .signed, id, summary, content: .json(answer), answer: place.at(APIRoutes.receive)
      ).with {
        $0.group = "inbound"
        $0.body = .message
        $0.bodyLimit = APIRoutes.longestMessage
        $0.problems = [409]
      }
    }
    return [
      endpoint(
        "/api/v1/inbound/{source}", "receiveSignal",
        "A signal from outside, signed or with a token (docs/inbound.md). Answered when it is on disk; "
          + "a repeat is answered with the signal that it brought before."
      ),
      endpoint(
        "/api/v1/inbound/{source}/{token}", "receiveSignalByPath",
        "The same for senders that can set no header, to sources of which the token stands in the path."),
    ]
  }

  private static func receive(_ context: APIContext, _ request: APIRequest) async throws -> Answer {
    let name = request.path["source"] ?? ""
    do {
      let receipt = try await context.inbound.take(
        try message(request), to: name, from: request.caller.address)
      let (id, state) =
        switch receipt {
        case .saved(let id): (id, "saved")
        case .repeated(let id), .contradicted(let id): (id, "repeated")
        }
      count(context, name, state)
      return .json(.object([("signal", .number(Double(id))), ("state", .string(state))]))
    } catch let problem as Problem {
      count(context, name, "\(problem.status)")
      throw problem
    }
  }

  private static func count(_ context: APIContext, _ name: String, _ result: String) {
    HostMetrics.count("inbound_messages_total", [("source", context.inbound.label(name)), ("result", result)])
  }

  private static func message(_ request: APIRequest) throws -> InboundRequest {
    let type = request.headers["content-type"]?.split(separator: ";").first.map { $0.filter { $0 != " " }.lowercased() }
    let isForm = type == "application/x-www-form-urlencoded"
    var message = InboundRequest(
      body: request.body, form: isForm ? .fields(try FormFields(request.body).all) : .json)
    message.signature = request.headers["finstage-signature"]
    message.authorization = request.headers["authorization"]
    message.pathToken = request.path["token"]
    return message
  }
}
