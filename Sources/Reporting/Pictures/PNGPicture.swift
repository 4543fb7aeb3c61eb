#if Cairo
internal import CCairo

extension CandlePicture {
  /// The picture as PNG, for messengers. Korean text needs a font that has it (`fonts-noto-cjk`).
  public func png(locale: String = "en", isDark: Bool = false) throws(ReportingError) -> [UInt8] {
    try PNGPicture(Palette(isDark: isDark, locale: locale)).bytes(of: drawing)
  }
}

/// Paints drawings by cairo.
struct PNGPicture {
  /// Has Latin and Korean letters in one face; where it is not installed, fontconfig takes the nearest there is.
  private static let family = "Noto Sans CJK KR"

  let palette: Palette

  init(_ palette: Palette) { self.palette = palette }

  func bytes(of drawing: Drawing) throws(ReportingError) -> [UInt8] {
    let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(drawing.width), Int32(drawing.height))
    defer { cairo_surface_destroy(surface) }
    let canvas = cairo_create(surface)
    defer { cairo_destroy(canvas) }
    use(palette.ground, canvas)
    cairo_paint(canvas)
    for shape in drawing.shapes { paint(shape, canvas) }
    cairo_surface_flush(surface)
    try check(cairo_status(canvas))
    var bytes: [UInt8] = []
    // Called on this thread and before the call ends.
    let status = withUnsafeMutablePointer(to: &bytes) { place in
      cairo_surface_write_to_png_stream(
        surface,
        { place, data, count in
          guard let place, let data else { return CAIRO_STATUS_WRITE_ERROR }
          place.assumingMemoryBound(to: [UInt8].self).pointee += UnsafeBufferPointer(start: data, count: Int(count))
          return CAIRO_STATUS_SUCCESS
        }, place)
    }
    try check(status)
    return bytes
  }

  private func check(_ status: cairo_status_t) throws(ReportingError) {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    throw .picture(detail: cairo_status_to_string(status).map { String(cString: $0) } ?? "status \(status.rawValue)")
  }

  private func use(_ colour: Palette.Colour, _ canvas: OpaquePointer?) {
    let (red, green, blue) = colour.parts
    cairo_set_source_rgb(canvas, red, green, blue)
  }

  private func paint(_ shape: Drawing.Shape, _ canvas: OpaquePointer?) {
    switch shape {
    case .line(let points, let ink, let width):
      trace(points, canvas)
      use(palette.colour(ink), canvas)
      cairo_set_line_width(canvas, width)
      cairo_stroke(canvas)
    case .rectangle(let x, let y, let width, let height, let ink, let isFilled):
      cairo_rectangle(canvas, x, y, width, height)
      close(ink, isFilled, canvas)
    case .polygon(let points, let ink, let isFilled):
      trace(points, canvas)
      cairo_close_path(canvas)
      close(ink, isFilled, canvas)
    case .text(let words, let point, let size, let anchor, let ink, let isBold):
      cairo_select_font_face(
        canvas, Self.family, CAIRO_FONT_SLANT_NORMAL, isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
      cairo_set_font_size(canvas, size)
      var extents = cairo_text_extents_t()
      cairo_text_extents(canvas, words, &extents)
      let share = anchor == .start ? 0 : anchor == .middle ? 0.5 : 1
      use(palette.colour(ink), canvas)
      cairo_move_to(canvas, point.x - extents.x_advance * share, point.y)
      cairo_show_text(canvas, words)
    }
  }

  private func trace(_ points: [Drawing.Point], _ canvas: OpaquePointer?) {
    guard let first = points.first else { return }
    cairo_move_to(canvas, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(canvas, point.x, point.y) }
  }

  /// Fills what was traced, or leaves it hollow, and draws its edge.
  private func close(_ ink: Drawing.Ink, _ isFilled: Bool, _ canvas: OpaquePointer?) {
    use(isFilled ? palette.colour(ink) : palette.ground, canvas)
    cairo_fill_preserve(canvas)
    use(palette.colour(ink), canvas)
    cairo_set_line_width(canvas, 1.5)
    cairo_stroke(canvas)
  }
}
#endif
