import Trading

extension FiledStatement {
  /// Whether the records have columns of statements.
  public static func fits(_ records: [Record]) -> Bool {
    guard let names = records.first?.fields.keys else { return false }
    return names.contains("field") && names.contains("value")
      || names.contains { StatementField.column($0) != nil }
  }
}
