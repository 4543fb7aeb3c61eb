public import Insights

/// How often it was right over what was said, a point a tenth of the confidence with its 95 % interval. On the diagonal
/// what was said is what came. Source: A. Murphy and R. Winkler, Reliability of subjective probability forecasts of
/// precipitation and temperature, Applied Statistics 26, 1977.
public struct ReliabilityDiagram: Sendable {
  private let bins: [Calibration.Bin]
  private let isKorean: Bool

  /// - Parameter least: a tenth with fewer calls is not drawn.
  public init(_ calibration: Calibration, least: Int = 1, locale: String = "en") {
    bins = calibration.bins.filter { $0.count >= least }
    isKorean = locale == "ko"
  }

  private func say(_ english: String, _ korean: String) -> String { isKorean ? korean : english }

  /// Whether nothing would be drawn.
  var isEmpty: Bool { bins.isEmpty }

  /// Both axes go from 0 to 100 %, and are equally long.
  private static let (left, right, top, bottom) = (46.0, 406.0, 14.0, 374.0)
  private static let largestRadius = 11.0

  private static func x(_ share: Double) -> String { ChartNumber.text(left + share * (right - left)) }
  private static func y(_ share: Double) -> String { ChartNumber.text(bottom - share * (bottom - top)) }

  /// The drawing for a page that has the style of the reports.
  public func svg(title: String) -> String {
    var text = "<svg class=\"chart\" viewBox=\"0 0 430 420\" role=\"img\"><title>\(Markup.escaped(title))</title>"
    return drawing(&text) + "</svg>"
  }

  /// The drawing as a file of its own, light or dark as its reader has it.
  public func document(title: String) -> String {
    var text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 430 420\" width=\"430\" height=\"420\" role=\"img\">"
      + "<title>\(Markup.escaped(title))</title><style>\(ReliabilityDiagram.style)</style>"
      + "<rect class=\"paper\" width=\"430\" height=\"420\"/>"
    return drawing(&text) + "</svg>\n"
  }

  private func drawing(_ text: inout String) -> String {
    typealias Own = ReliabilityDiagram
    for step in 0...5 {
      let share = Double(step) / 5
      let label = "\(step * 20)%"
      text += "<path class=\"grid\" d=\"M\(Own.x(0)) \(Own.y(share))H\(Own.x(1))\"/>"
      text += "<text class=\"tick\" x=\"40\" y=\"\(Own.y(share))\" dy=\".35em\" text-anchor=\"end\">\(label)</text>"
      text += "<text class=\"tick\" x=\"\(Own.x(share))\" y=\"381\" dy=\".8em\" text-anchor=\"middle\">\(label)</text>"
    }
    text += "<text class=\"tick\" x=\"\(Own.x(0.5))\" y=\"404\" dy=\".6em\" text-anchor=\"middle\">"
    text += say("what was said", "말한 신뢰도") + "</text>"
    text +=
      "<text class=\"tick\" x=\"\(Own.x(0.02))\" y=\"\(Own.y(0.95))\">"
      + say("how often it was right", "실제 적중률") + "</text>"
    text += "<path class=\"line held\" d=\"M\(Own.x(0)) \(Own.y(0))L\(Own.x(1)) \(Own.y(1))\"/>"
    let most = bins.map(\.count).max() ?? 1
    for bin in bins {
      let x = Own.x(bin.confidence)
      if let interval = bin.interval {
        text += "<path class=\"line price\" d=\"M\(x) \(Own.y(interval.lowerBound))V\(Own.y(interval.upperBound))\"/>"
      }
      // The area of a point is the number of calls.
      let radius = max(3, Own.largestRadius * (Double(bin.count) / Double(most)).squareRoot())
      let figures = Figures.page
      let said = figures.percent(bin.confidence, signed: false) ?? Figures.undefined
      let right = figures.percent(bin.rate, signed: false) ?? Figures.undefined
      let words = say(
        "said \(said), right in \(right) of \(figures.count(bin.count))",
        "신뢰도 \(said), 적중률 \(right) (\(figures.count(bin.count))건)")
      text += "<circle class=\"mark up\" cx=\"\(x)\" cy=\"\(Own.y(bin.rate))\" r=\"\(ChartNumber.text(radius))\">"
      text += "<title>\(Markup.escaped(words))</title></circle>"
    }
    return text
  }

  private static let style = """
    svg{color-scheme:light dark;font:13px system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans KR",sans-serif}\
    .paper{fill:#fcfcfb}.grid{stroke:#e3e5e4;fill:none}.tick{fill:#636c72}.line{fill:none;stroke-width:1.5}\
    .held{stroke:#a0a8ad;stroke-dasharray:4 4}.price{stroke:#7d868c}.up{fill:#0072b2}\
    @media (prefers-color-scheme:dark){.paper{fill:#14171a}.grid{stroke:#2e343a}.tick{fill:#98a2a9}\
    .held{stroke:#737e86}.price{stroke:#88939b}.up{fill:#5cb8f2}}
    """
}
