internal import SeriesMath

/// The style, the script and the icon of the dashboard. Each address names the bytes behind it, so that a browser keeps
/// them for good and asks anew where they are others.
public struct DashboardAssets: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case style = "finstage.css"
    case script = "finstage.js"
    case icon = "finstage.svg"

    public var type: String {
      switch self {
      case .style: "text/css; charset=utf-8"
      case .script: "text/javascript; charset=utf-8"
      case .icon: "image/svg+xml"
      }
    }
  }

  private let bytes: [Kind: [UInt8]]
  private let marks: [Kind: String]

  public init() {
    let style = [PageTemplates.style, PageTemplates.dailyStyle, PageTemplates.heatStyle, HeatMapPage.shades]
      .joined(separator: "\n")
    bytes = [
      .style: Array(style.utf8) + PackageResources.dashboard_css, .script: PackageResources.dashboard_js,
      .icon: PackageResources.dashboard_svg,
    ]
    marks = bytes.mapValues { String(SHA256.text(of: $0).prefix(12)) }
  }

  public func bytes(of kind: Kind) -> [UInt8] { bytes[kind] ?? [] }
  /// What tells these bytes from others.
  public func mark(of kind: Kind) -> String { marks[kind] ?? "" }
  public func address(of kind: Kind) -> String { "/assets/\(kind.rawValue)?v=\(mark(of: kind))" }
}
