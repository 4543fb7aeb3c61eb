internal import Mustache

/// The templates of `Templates/`, which the build writes into the program.
enum PageTemplates {
  static let style = String(decoding: PackageResources.report_css, as: UTF8.self)

  static let heatStyle = String(decoding: PackageResources.heat_css, as: UTF8.self)

  static let dailyStyle = String(decoding: PackageResources.daily_css, as: UTF8.self)

  static let sources: [(name: String, text: [UInt8])] = [
    ("report", PackageResources.report_mustache),
    ("league", PackageResources.league_mustache),
    ("signals", PackageResources.signals_mustache),
    ("result", PackageResources.result_mustache),
    ("figures", PackageResources.figures_mustache),
    ("portfolio", PackageResources.portfolio_mustache),
    ("glossary", PackageResources.glossary_mustache),
    ("heat", PackageResources.heat_mustache),
    ("daily", PackageResources.daily_mustache),
    ("explanation", PackageResources.explanation_mustache),
    ("report-body", PackageResources.report_body_mustache),
    ("heat-body", PackageResources.heat_body_mustache),
    ("daily-body", PackageResources.daily_body_mustache),
    ("explanation-body", PackageResources.explanation_body_mustache),
    ("dashboard", PackageResources.dashboard_mustache),
    ("dashboard-table", PackageResources.dashboard_table_mustache),
    ("dashboard-facts", PackageResources.dashboard_facts_mustache),
    ("dashboard-form", PackageResources.dashboard_form_mustache),
    ("dashboard-chart", PackageResources.dashboard_chart_mustache),
  ]

  /// Read once: pages of the dashboard are asked for many times.
  private static let library = Result { () throws(ReportingError) in
    MustacheContentTypes.register(MarkupContent(), named: MarkupContent.name)
    var library = MustacheLibrary()
    for (name, text) in sources {
      do {
        try library.register(String(decoding: text, as: UTF8.self), named: name)
      } catch {
        throw .template(name: name, detail: "\(error)")
      }
    }
    return library
  }

  static func render(_ page: ReportPage) throws(ReportingError) -> String { try render(page, with: "report") }

  /// A page by the template of that name.
  static func render(_ page: some Sendable, with template: String) throws(ReportingError) -> String {
    guard let html = try library.get().render(page, withTemplate: template) else {
      throw .template(name: template, detail: "it is not there")
    }
    return html
  }
}
