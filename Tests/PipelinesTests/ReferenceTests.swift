import Foundation
import PluginKit
import StrategyModules
import Testing

@testable import Pipelines

@Suite struct ReferenceTests {
  @Test("a module's doc comment is read with its id") func readsDocComments() {
    let file = """
      public import PluginKit

      /// Not the module's.

      /// The mean of the last n values.
      ///
      ///     mean = sum / n
      public struct Mean: Indicator {
        public static let id = "mean"
        /// A property.
        public var period = 20
      }

      struct Bare: CandlePattern {
        static let id = "bare"
      }
      """
    let modules = ModuleSource.modules(in: file, file: "Mean.swift")
    #expect(
      modules == [
        ModuleSource(
          id: "mean", comment: "The mean of the last n values.\n\n    mean = sum / n", file: "Mean.swift"),
        ModuleSource(id: "bare", comment: "", file: "Mean.swift"),
      ])
  }

  @Test("every module has a page with an example") func everyModuleHasAPage() {
    let text = ModulePages(of: bundled, sources: []).text
    for id in Array(bundled.indicators.keys) + Array(bundled.signals.keys) { #expect(text.contains("\n### \(id)\n")) }
  }

  @Test("only the generated part of a page is replaced") func keepsTheRestOfAPage() {
    let page = "before\n<!-- made by make reference -->\nold\n<!-- end -->\nafter\n"
    let new = GeneratedSection.put("new", into: page)
    #expect(new == "before\n<!-- made by make reference -->\nnew\n<!-- end -->\nafter\n")
    #expect(GeneratedSection.put("new", into: "a page without one") == nil)
  }

  @Test(
    "a share's pattern admits what the program admits",
    arguments: [
      (0.0...1.0, ["0%", "7.5%", "100%", "100.0%", "+2%", ".5%", "007%"], ["101%", "100.1%", "-1%", "2", "%", "x%"]),
      (0.0...0.99, ["99%", "98.9%", "9%"], ["99.1%", "100%"]),
      (0.0...100.0, ["10000%", "9999.9%"], ["10001%"]),
      (-1.0...1.0, ["-5%", "500%"], ["5"]),
    ])
  func sharesMatch(_ range: ClosedRange<Double>, _ good: [String], _ bad: [String]) throws {
    let pattern = try Regex(SharePattern.text(range))
    for text in good { #expect(text.wholeMatch(of: pattern) != nil, "\(text)") }
    for text in bad { #expect(text.wholeMatch(of: pattern) == nil, "\(text)") }
  }

  @Test("a share above nothing is not 0") func positiveSharesMatch() throws {
    let pattern = try Regex(SharePattern.positive(upTo: 1))
    for text in ["1%", "0.01%", "100%"] { #expect(text.wholeMatch(of: pattern) != nil, "\(text)") }
    for text in ["0%", "0.0%", "00%"] { #expect(text.wholeMatch(of: pattern) == nil, "\(text)") }
  }
}
