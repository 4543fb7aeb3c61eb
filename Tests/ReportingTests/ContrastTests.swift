import Foundation
import Testing

@testable import Reporting

/// Colours that stand on each other, by the ratio of their luminances (WCAG 2.2, 1.4.3 and 1.4.11).
@Suite struct ContrastTests {
  private struct Colour {
    let red, green, blue: Double

    init?(_ text: some StringProtocol) {
      guard text.hasPrefix("#"), text.count == 7, let value = UInt32(text.dropFirst(), radix: 16) else { return nil }
      (red, green, blue) = (Double(value >> 16 & 255), Double(value >> 8 & 255), Double(value & 255))
    }

    /// "relative luminance" of WCAG 2.2.
    var luminance: Double {
      func linear(_ value: Double) -> Double {
        let share = value / 255
        return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    func contrast(to other: Colour) -> Double {
      let (bright, dark) = (max(luminance, other.luminance), min(luminance, other.luminance))
      return (bright + 0.05) / (dark + 0.05)
    }
  }

  /// The colours by name, in light and in dark, as the style sheet of the dashboard sets them.
  private static let schemes: [(name: String, colours: [String: Colour])] = {
    let style = String(decoding: DashboardAssets().bytes(of: .style), as: UTF8.self)
    var (light, dark): ([String: Colour], [String: Colour]) = ([:], [:])
    var isDark = false
    for line in style.split(separator: "\n") {
      if line.hasPrefix("@media") { isDark = line.contains("prefers-color-scheme: dark") }
      if line == "}" { isDark = false }
      for found in line.matches(of: /--([a-z-]+): (#[0-9a-f]{6})/) {
        let name = String(found.1)
        if isDark { dark[name] = Colour(found.2) } else { light[name] = Colour(found.2) }
      }
    }
    return [("light", light), ("dark", light.merging(dark) { $1 })]
  }()

  /// Words on what they stand on: 4.5 to 1. Those that are the edge of a control or a mark of a chart: 3 to 1.
  private static let pairs: [(front: String, back: [String], least: Double)] = [
    ("ink", ["paper", "card", "soft"], 4.5), ("quiet", ["paper", "card", "soft"], 4.5),
    ("link", ["paper", "card", "soft"], 4.5), ("up", ["paper", "card", "soft"], 4.5),
    ("down", ["paper", "card", "soft"], 4.5), ("good", ["paper", "card", "soft"], 4.5),
    ("warn", ["paper", "card", "soft"], 4.5), ("bad", ["paper", "card", "soft"], 4.5),
    ("on-button", ["button"], 4.5), ("field", ["paper", "card"], 3), ("price", ["card"], 3),
  ]

  @Test func `black on white is 21 to 1, and grey 767676 just enough`() throws {
    let (black, white) = (try #require(Colour("#000000")), try #require(Colour("#ffffff")))
    #expect(abs(black.contrast(to: white) - 21) < 1e-9)
    // The grey that WCAG's own techniques name as the lightest that does on white: 4.54.
    let grey = try #require(Colour("#767676"))
    #expect(abs(grey.contrast(to: white) - 4.54) < 0.005)
  }

  @Test func `what is read stands out from what it stands on, in light and in dark`() throws {
    var count = 0
    for (scheme, colours) in Self.schemes {
      for (front, backs, least) in Self.pairs {
        for back in backs {
          let (one, other) = (try #require(colours[front], "\(front)"), try #require(colours[back], "\(back)"))
          let ratio = one.contrast(to: other)
          #expect(ratio >= least, "\(scheme): \(front) on \(back): \(ratio)")
          count += 1
        }
      }
    }
    #expect(count == 56)
  }

  @Test func `dark has colours of its own`() {
    for name in ["paper", "card", "ink", "quiet", "link", "good", "warn", "bad", "button", "field"] {
      let (light, dark) = (Self.schemes[0].colours[name], Self.schemes[1].colours[name])
      #expect(light != nil && light?.luminance != dark?.luminance, "\(name)")
    }
  }
}
