import Fetching
import News
import PluginKit
import Storage
import Trading

/// Asks a server of companies, and takes what it answers into the store.
struct CompanyAsking {
  private let server: Configuration.CompanyServer
  private let questions: [CompanySource.Question]

  init(_ name: String, _ workspace: Workspace, symbols: [String]) throws(Failure) {
    let servers = workspace.configuration?.companies ?? []
    guard let server = servers.first(where: { $0.name == name }) else {
      throw Failure(
        .unusable,
        "--source \(name): there is no such server under companies: in the configuration"
          + (servers.isEmpty ? "" : "; there are \(servers.map(\.name).joined(separator: ", "))"))
    }
    self.server = server
    guard symbols.isEmpty != server.source.wantsSymbols else {
      throw Failure(
        .usage,
        server.source.wantsSymbols
          ? "--source \(name): name the companies, AAPL MSFT"
          : "--source \(name): it gives whole lists; name no symbols")
    }
    var symbols = symbols
    if let configuration = workspace.configuration { symbols = configuration.expand(symbols) }
    let key = server.settings.text("key") ?? ""
    if server.source.settings.contains(where: { $0.name == "key" }), key.isEmpty || key.contains("${") {
      throw Failure(
        .unusable,
        "companies: \(name): key is not set on this machine\(key.isEmpty ? "" : ": \(key)")")
    }
    var base = server.settings.text("base_url") ?? server.source.web.baseURL
    while base.hasSuffix("/") { base.removeLast() }
    questions = server.source.questions(
      of: symbols, base: base, key: key, period: server.settings.text("period") ?? "quarter")
  }

  func run(into store: SQLiteStore) async throws {
    let client: any WebClient =
      server.fetch?.client(
        on: TransferLoop(), now: { Terminal.now }, sleep: { try await Task.sleep(for: .milliseconds($0)) },
        random: { Double.random(in: 0..<1) }, log: StoredRequests(source: server.name, store: store)) ?? Unconnected()
    let taking = CompanyImport(store: store, source: server.name)
    var failures: [Failure] = []
    Terminal.noteInterrupt()
    for question in questions {
      guard !Terminal.isInterrupted else {
        throw Failure(.interrupted, "interrupted before \(question.subject); what came before it is kept")
      }
      do throws(Failure) {
        let records = try await answer(to: question, client)
        Terminal.print(
          try await taking.take(records, named: question.subject, symbol: question.symbol, at: Terminal.now))
      } catch {
        failures.append(error)
      }
    }
    for failure in failures { Terminal.say(failure.message) }
    if let first = failures.first { throw Failure(failures.count < questions.count ? .partly : first.code) }
  }

  private func answer(to question: CompanySource.Question, _ client: any WebClient) async throws(Failure) -> [Record] {
    let response: WebResponse
    do throws(WebError) {
      response = try await client.send(question.request)
    } catch {
      throw Failure(.unusable, "\(server.name): \(question.subject): \(error.message)")
    }
    do throws(RecordFault) {
      return try server.source.records(response, question.subject)
    } catch {
      throw Failure(.unusable, "\(server.name): \(error)")
    }
  }
}
