/// A picture as shapes in its own units, one unit a pixel, from the upper left corner; each says what it means, and a
/// renderer knows the colours.
struct Drawing: Sendable, Hashable {
  /// What a shape means.
  enum Ink: Sendable, Hashable {
    case grid, label, title, rise, fall, buy, sell, exit
    /// An indicator's line, counted from 0.
    case line(Int)
  }

  enum Anchor: String, Sendable, Hashable { case start, middle, end }

  struct Point: Sendable, Hashable {
    var x, y: Double
  }

  enum Shape: Sendable, Hashable {
    /// Through the points; a hole in what is drawn is two lines.
    case line([Point], Ink, width: Double)
    case rectangle(x: Double, y: Double, width: Double, height: Double, Ink, isFilled: Bool)
    case polygon([Point], Ink, isFilled: Bool)
    /// Its baseline begins, is centred or ends at the point.
    case text(String, Point, size: Double, Anchor, Ink, isBold: Bool)
  }

  let width, height: Double
  var shapes: [Shape] = []
}

/// Colours that people who see few of them tell apart (Okabe and Ito, 2008), by their ink.
struct Palette: Sendable, Hashable {
  let isDark: Bool
  /// Rises are drawn in red and falls in blue, as Korean charts do it.
  let risesAreRed: Bool

  init(isDark: Bool = false, locale: String = "en") {
    self.isDark = isDark
    risesAreRed = locale == "ko"
  }

  struct Colour: Sendable, Hashable {
    let hex: UInt32
    init(_ hex: UInt32) { self.hex = hex }

    var parts: (red: Double, green: Double, blue: Double) {
      (Double(hex >> 16 & 0xFF) / 255, Double(hex >> 8 & 0xFF) / 255, Double(hex & 0xFF) / 255)
    }

    var text: String {
      let digits = String(hex, radix: 16)
      return "#" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
  }

  private static let blue = Colour(0x0072B2)
  private static let vermilion = Colour(0xD55E00)
  private static let lines = [0xE69F00, 0x56B4E9, 0xCC79A7, 0x009E73].map { Colour($0) }

  var ground: Colour { Colour(isDark ? 0x14171A : 0xFFFFFF) }

  func colour(_ ink: Drawing.Ink) -> Colour {
    switch ink {
    case .grid: Colour(isDark ? 0x3A4047 : 0xD9DEE3)
    case .label: Colour(isDark ? 0xB6BEC7 : 0x4A5560)
    case .title: Colour(isDark ? 0xF2F4F6 : 0x14171A)
    case .rise: risesAreRed ? Palette.vermilion : Palette.blue
    case .fall: risesAreRed ? Palette.blue : Palette.vermilion
    case .buy: Colour(isDark ? 0xF2F4F6 : 0x14171A)
    case .sell: Colour(isDark ? 0xF2F4F6 : 0x14171A)
    case .exit: Colour(isDark ? 0xB6BEC7 : 0x4A5560)
    case .line(let number): Palette.lines[number % Palette.lines.count]
    }
  }
}
