public import Storage
public import Trading

/// Who asks.
public struct Caller: Sendable, Hashable {
  /// The name of the token; nil where none was brought.
  public let token: String?
  public let role: AccessRole
  /// Where the request comes from.
  public let address: String
  /// What its session is kept under; nil where it has none.
  let session: String?

  public init(token: String?, role: AccessRole, address: String) {
    self.init(token: token, role: role, address: address, session: nil)
  }

  init(token: String?, role: AccessRole, address: String, session: String?) {
    self.token = token
    self.role = role
    self.address = address
    self.session = session
  }

  /// Whether a browser has signed in.
  public var isSignedIn: Bool { session != nil }

  /// As the audit names it.
  public var actor: String { "api:\(token ?? address)" }
}

/// How a page is asked for.
public struct PageVisit: Sendable {
  /// The target as it was asked: path and query.
  public var target = "/"
  /// The language that the reader has chosen before: `en` or `ko`.
  public var language: String?
  /// What forms of the page bring back.
  public var ticket = ""
  /// Whether the browser is spoken to over TLS.
  public var isOverTLS = false

  public init() {}
}

/// A request that has been let in, its parameters checked.
public struct APIRequest: Sendable {
  public let caller: Caller
  /// Values of the path, by name.
  public let path: [String: String]
  /// Parameters behind the question mark, by name, checked against their forms.
  public let query: [String: String]
  public let body: [UInt8]
  /// Where a stream of events is to go on; nil at its beginning.
  public let lastEvent: String?
  /// What pages need besides.
  public let visit: PageVisit
  public let form: FormFields
  /// Of what is signed: the fields of the head, by name in small letters; the first of several. Else empty.
  public var headers: [String: String] = [:]

  public init(
    caller: Caller, path: [String: String] = [:], query: [String: String] = [:], body: [UInt8] = [],
    lastEvent: String? = nil, visit: PageVisit = PageVisit(), form: FormFields = FormFields()
  ) {
    self.caller = caller
    self.path = path
    self.query = query
    self.body = body
    self.lastEvent = lastEvent
    self.visit = visit
    self.form = form
  }

  public func text(_ name: String) -> String? { query[name] }
  public func integer(_ name: String) -> Int? { query[name].flatMap { Int($0) } }
  public func moment(_ name: String) -> Instant? { query[name].flatMap { Instant($0) } }
  public func flag(_ name: String) -> Bool { query[name] == "true" }
  public func list(_ name: String) -> [String] { query[name]?.split(separator: ",").map(String.init) ?? [] }
}

extension Endpoint {
  /// The query by name, each checked; every fault is told at once.
  func checked(_ query: [(name: String, value: String)]) throws(Problem) -> [String: String] {
    var values: [String: String] = [:]
    var faults: [Problem.Fault] = []
    let admitted = self.query + (isPage ? [.language] : [])
    for (name, value) in query {
      let place = "query/\(name)"
      guard let parameter = admitted.first(where: { $0.name == name }) else {
        let known = admitted.map(\.name)
        faults.append(
          Problem.Fault(
            place, "there is no such parameter; admitted: \(known.isEmpty ? "none" : known.joined(separator: ", "))"))
        continue
      }
      if values.updateValue(value, forKey: name) != nil { faults.append(Problem.Fault(place, "it stands twice")) }
      if let fault = parameter.fault(in: value) { faults.append(Problem.Fault(place, fault)) }
    }
    for parameter in self.query where parameter.isRequired && values[parameter.name] == nil {
      faults.append(Problem.Fault("query/\(parameter.name)", "it is missing"))
    }
    guard faults.isEmpty else { throw Problem(400, "the query is not as it is to be", faults: faults) }
    return values
  }
}

extension QueryParameter {
  /// What is wrong with a value; nil where nothing is.
  func fault(in value: String) -> String? {
    switch form {
    case .text:
      return value.isEmpty || value.utf8.count > 1_000 || value.unicodeScalars.contains { $0.value < 0x20 }
        ? "it is a text of 1 to 1000 bytes" : nil
    case .integer(let range):
      guard let number = Int(value), range.contains(number), !value.hasPrefix("+") else {
        return "\"\(value.prefix(40))\" is no whole number from \(range.lowerBound) to \(range.upperBound)"
      }
      return nil
    case .moment:
      return Instant(value) == nil ? "\"\(value.prefix(40))\" is no time; write 2008-01-31 or 2008-01-31T15:00Z" : nil
    case .words(let words):
      return words.contains(value) ? nil : "\"\(value.prefix(40))\" is none of \(words.joined(separator: ", "))"
    case .list(let words):
      let items = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      if let wrong = items.first(where: { !words.isEmpty && !words.contains($0) }) {
        return "\"\(wrong.prefix(40))\" is none of \(words.joined(separator: ", "))"
      }
      return items.contains("") ? "an item is empty" : nil
    case .flag: return ["true", "false"].contains(value) ? nil : "it is true or false"
    }
  }
}
