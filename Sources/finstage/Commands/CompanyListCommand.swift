import ArgumentParser
import Pipelines
import PluginKit
import Storage
import Trading

struct CompanyListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the register, or shows one instrument with its statements.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, json }

  @Argument(help: "Symbols; without any, the whole register.")
  var symbols: [String] = []
  @OptionGroup var config: ConfigOption
  @Option(help: "Only those whose symbol, name, sector or industry holds this.")
  var find: String?
  @Option(help: "table or json")
  var format = Format.table

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let store: SQLiteStore
    do throws(StoreError) { store = try workspace.reading() } catch { throw Failure(error) }
    var profiles = try await storing { () async throws(StoreError) in try await store.profiles() }
    if let find = find?.lowercased() { profiles = profiles.filter { $0.holds(find) } }
    guard !symbols.isEmpty else {
      Terminal.print(format == .json ? CompanyListCommand.json(profiles) : CompanyListCommand.table(profiles))
      return
    }
    var pages: [(profile: InstrumentProfile, figures: [StoredFigure])] = []
    for symbol in symbols {
      let figures = try await storing { () async throws(StoreError) in try await store.figures(of: symbol) }
      let profile = profiles.first { $0.instrument.symbol == symbol }
      guard profile != nil || !figures.isEmpty else {
        throw Failure(
          .unusable,
          "\(symbol): the register does not have it; "
            + suggestion(for: symbol, among: profiles.prefix(20_000).map(\.instrument.symbol), called: "symbols"))
      }
      pages.append((profile ?? InstrumentProfile(instrument: Instrument(symbol: symbol)), figures))
    }
    if format == .json {
      Terminal.print(JSONValue.array(pages.map { CompanyListCommand.page($0.profile, $0.figures) }).text)
    } else {
      Terminal.print(pages.map { CompanyListCommand.text($0.profile, $0.figures) }.joined(separator: "\n\n"))
    }
  }

  private static func table(_ profiles: [InstrumentProfile]) -> String {
    guard !profiles.isEmpty else { return "no instrument; take a file in: finstage companies import FILE" }
    let rows = profiles.map { profile in
      [
        profile.instrument.symbol, profile.names["en"] ?? profile.names["ko"] ?? "", profile.category ?? "",
        profile.exchange ?? "", profile.sector ?? "",
      ]
    }
    let widths = (0..<5).map { column in min(40, rows.map { $0[column].count }.max() ?? 0) }
    return rows.map { row in
      zip(row, widths).map { text, width in
        String(text.prefix(width)) + String(repeating: " ", count: max(0, width - text.count))
      }.joined(separator: "  ").trimmedEnd
    }.joined(separator: "\n")
  }

  private static func text(_ profile: InstrumentProfile, _ figures: [StoredFigure]) -> String {
    var lines = [
      [profile.instrument.symbol, profile.names["en"], profile.names["ko"]].compactMap { $0 }.joined(separator: "  ")
    ]
    for (name, value) in profile.facts { lines.append("  \(name): \(value)") }
    guard !figures.isEmpty else { return (lines + ["  no statements"]).joined(separator: "\n") }
    lines.append("  statements: \(figures.count) figures; the newest of each:")
    for (field, newest) in latest(figures) {
      lines.append(
        "    \(field.rawValue) \(Figure(newest.figure.value))  \(newest.figure.period.rawValue) to "
          + "\(day(newest.figure.endDay)), known \(newest.figure.knownAt), from \(newest.source)")
    }
    return lines.joined(separator: "\n")
  }

  /// Of each field the newest version of the newest period.
  private static func latest(_ figures: [StoredFigure]) -> [(StatementField, StoredFigure)] {
    StatementField.allCases.compactMap { field in
      figures.filter { $0.figure.field == field }
        .max { ($0.figure.endDay, $0.figure.knownAt) < ($1.figure.endDay, $1.figure.knownAt) }
        .map { (field, $0) }
    }
  }

  private static func day(_ day: Int) -> String { Instant(seconds: Int64(day) * 86_400).dateText }

  private static func json(_ profiles: [InstrumentProfile]) -> String {
    JSONValue.array(profiles.map { .object(entries($0)) }).text
  }

  private static func page(_ profile: InstrumentProfile, _ figures: [StoredFigure]) -> JSONValue {
    let rows = figures.map { stored in
      JSONValue.object([
        ("field", .string(stored.figure.field.rawValue)),
        ("statement", .string(stored.figure.field.statement.rawValue)),
        ("period", .string(stored.figure.period.rawValue)), ("end", .string(day(stored.figure.endDay))),
        ("known_at", .string("\(stored.figure.knownAt)")), ("value", .number(stored.figure.value)),
        ("source", .string(stored.source)), ("imported_at", .string("\(stored.importedAt)")),
      ])
    }
    return .object(entries(profile) + [("figures", .array(rows))])
  }

  private static func entries(_ profile: InstrumentProfile) -> [(String, JSONValue)] {
    func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
    return [
      ("symbol", .string(profile.instrument.symbol)), ("name", text(profile.names["en"])),
      ("name_ko", text(profile.names["ko"])), ("category", text(profile.category)),
      ("exchange", text(profile.exchange)), ("sector", text(profile.sector)), ("industry", text(profile.industry)),
      ("currency", text(profile.currency)), ("source", text(profile.source)),
      ("updated_at", text(profile.updatedAt.map { "\($0)" })),
    ]
  }
}

extension InstrumentProfile {
  fileprivate func holds(_ text: String) -> Bool {
    ([instrument.symbol, sector, industry].compactMap { $0 } + names.values).contains {
      $0.lowercased().contains(text)
    }
  }

  fileprivate var facts: [(String, String)] {
    let all: [(String, String?)] = [
      ("category", category), ("exchange", exchange), ("sector", sector), ("industry", industry),
      ("currency", currency), ("source", source), ("taken in", updatedAt.map { "\($0)" }),
    ]
    return all.compactMap { name, value in value.map { (name, $0) } }
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    lastIndex { $0 != " " }.map { String(self[...$0]) } ?? ""
  }
}
