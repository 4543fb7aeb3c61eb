public import PluginKit

/// The tables of `docs/expressions.md`: every function and indicator of the language.
public enum ExpressionTables {
  public static func text(of registry: Registry) -> String {
    let entries = registry.indicators.values.sorted { $0.id < $1.id }
    let functions =
      Functions.all.map { ["`\($0.form)`", $0.meaning] } + FactForm.all.map { ["`\($0.form)`", $0.meaning] }
    let indicators = entries.map { entry in
      let outputs = entry.outputs.map { "`.\($0)`" }.joined(separator: " ")
      return ["`\(Functions.form(of: entry))`", outputs, entry.summary]
    }
    return MarkdownTable.text(["function", "value"], functions)
      + "\n### Indicators\n\nWith formula, source, ranges and a worked example each: [the reference](../Plugins/README.md).\n"
      + MarkdownTable.text(["indicator", "outputs", "value"], indicators)
  }
}
