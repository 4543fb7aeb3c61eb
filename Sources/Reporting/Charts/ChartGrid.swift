/// The quiet parts of a chart: lines and labels of its two axes.
enum ChartGrid {
  static func values(_ scale: ValueScale, in frame: ChartFrame, count: Int = 4, label: (Double) -> String) -> String {
    scale.ticks(about: count).map { tick in
      let y = ChartNumber.text(scale.y(tick, in: frame))
      return "<path class=\"grid\" d=\"M0 \(y)H\(ChartNumber.text(ChartFrame.right))\"/>"
        + "<text class=\"tick\" x=\"\(ChartNumber.text(ChartFrame.right + 6))\" y=\"\(y)\" dy=\".35em\">"
        + "\(Markup.escaped(label(tick)))</text>"
    }.joined()
  }

  /// Every second label is marked so that a narrow page can hide it.
  static func times(_ scale: TimeScale, in frame: ChartFrame, labelled: Bool = true) -> String {
    let ticks = scale.ticks
    let foot = ChartNumber.text(frame.bottom)
    var text = "<path class=\"axis\" d=\"M0 \(foot)H\(ChartNumber.text(ChartFrame.right))\"/>"
    for (index, tick) in ticks.enumerated() {
      let x = ChartNumber.text(tick.x)
      text += "<path class=\"axis\" d=\"M\(x) \(foot)v4\"/>"
      guard labelled else { continue }
      let narrow = index.isMultiple(of: 2) ? "tick" : "tick alternate"
      let anchor = tick.x < 16 ? "start" : tick.x > ChartFrame.right - 12 ? "end" : "middle"
      let y = ChartNumber.text(frame.bottom + 7)
      text += "<text class=\"\(narrow)\" x=\"\(x)\" y=\"\(y)\" dy=\".8em\" "
      text += "text-anchor=\"\(anchor)\">\(tick.label)</text>"
    }
    return text
  }

  /// Labels of amounts: with decimals only where the steps need them.
  static func amount(_ scale: ValueScale) -> (Double) -> String {
    let ticks = scale.ticks()
    let step = zip(ticks.dropFirst(), ticks).map { $0 - $1 }.min() ?? 1
    let digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 4
    return { Figures.page.number($0, digits: digits) ?? Figures.undefined }
  }
}
