extension CandlePicture {
  /// The picture as SVG, for pages. Its text can be read out and searched.
  public func svg(locale: String = "en", isDark: Bool = false) -> String {
    SVGPicture(Palette(isDark: isDark, locale: locale)).text(of: drawing, title: title)
  }
}

/// Writes drawings as SVG.
struct SVGPicture {
  let palette: Palette

  init(_ palette: Palette) { self.palette = palette }

  func text(of drawing: Drawing, title: String) -> String {
    let (width, height) = (Int(drawing.width), Int(drawing.height))
    var text = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" role=\"img\" "
    text += "font-family=\"sans-serif\"><title>\(Markup.escaped(title))</title>"
    text += "<rect width=\"\(width)\" height=\"\(height)\" fill=\"\(palette.ground.text)\"/>"
    for shape in drawing.shapes { text += self.text(of: shape) }
    return text + "</svg>"
  }

  private func text(of shape: Drawing.Shape) -> String {
    switch shape {
    case .line(let points, let ink, let width):
      return "<polyline points=\"\(list(points))\" fill=\"none\" stroke=\"\(palette.colour(ink).text)\" "
        + "stroke-width=\"\(ChartNumber.text(width))\"/>"
    case .rectangle(let x, let y, let width, let height, let ink, let isFilled):
      return "<rect x=\"\(ChartNumber.text(x))\" y=\"\(ChartNumber.text(y))\" width=\"\(ChartNumber.text(width))\" "
        + "height=\"\(ChartNumber.text(height))\"\(paint(ink, isFilled))/>"
    case .polygon(let points, let ink, let isFilled):
      return "<polygon points=\"\(list(points))\"\(paint(ink, isFilled))/>"
    case .text(let words, let point, let size, let anchor, let ink, let isBold):
      return "<text x=\"\(ChartNumber.text(point.x))\" y=\"\(ChartNumber.text(point.y))\" "
        + "font-size=\"\(ChartNumber.text(size))\" text-anchor=\"\(anchor.rawValue)\"\(isBold ? " font-weight=\"bold\"" : "") "
        + "fill=\"\(palette.colour(ink).text)\">\(Markup.escaped(words))</text>"
    }
  }

  private func paint(_ ink: Drawing.Ink, _ isFilled: Bool) -> String {
    let colour = palette.colour(ink).text
    return " fill=\"\(isFilled ? colour : palette.ground.text)\" stroke=\"\(colour)\" stroke-width=\"1.5\""
  }

  private func list(_ points: [Drawing.Point]) -> String {
    points.map { "\(ChartNumber.text($0.x)),\(ChartNumber.text($0.y))" }.joined(separator: " ")
  }
}
