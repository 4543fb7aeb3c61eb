/// Reads `groups:`, symbols that are looked at together: `[{ a: GC=F, b: SI=F }]` gives the series `a.close` and `b.close`.
enum GroupReader {
  struct Groups {
    /// The first one is the role whose bars decide.
    var roles: [String]
    var groups: [[(role: String, symbol: String)]]
  }

  static func read(_ value: YAMLValue?, _ diagnostics: Diagnostics) -> Groups? {
    guard let value, let items = diagnostics.list(value, "groups") else { return nil }
    if items.isEmpty { diagnostics.report(.outOfRange, at: value, "groups is empty: one group at least") }
    var roles: [String] = []
    var groups: [[(role: String, symbol: String)]] = []
    for item in items {
      guard let entries = MappingReader(item, "a group", diagnostics)?.entries else { continue }
      let group = entries.compactMap { entry in
        diagnostics.text(entry.value, "the symbol of \(entry.name)").map { (role: entry.name, symbol: $0) }
      }
      for entry in entries { check(entry, diagnostics) }
      if roles.isEmpty { roles = entries.map(\.name) }
      guard entries.map(\.name).sorted() == roles.sorted() else {
        diagnostics.report(
          .missingKey, at: entries.first?.key ?? item,
          "each group has the same roles: \(roles.joined(separator: ", "))")
        continue
      }
      groups.append(roles.compactMap { role in group.first { $0.role == role } })
    }
    return Groups(roles: roles, groups: groups)
  }

  private static func check(_ entry: YAMLValue.Entry, _ diagnostics: Diagnostics) {
    let isWord = entry.name.utf8.allSatisfy { ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 95 }
    let taken = Binder.series[entry.name] != nil || (Binder.prefixes + Binder.factNames).contains(entry.name)
    if !isWord || entry.name.isEmpty || taken {
      diagnostics.report(
        .wrongType, at: entry.key, "a role is a small word that means nothing yet; found \"\(entry.name)\"",
        hint: "a, b, hedge")
    }
  }
}
