import ArgumentParser
import News
import Pipelines
import PluginKit

struct SentimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sentiment", abstract: "Judges a text by the lexicon: score, label, and the words that made it.",
    discussion: """
      finstage sentiment 'Chip shares plunge, but demand stays strong'
      The score lies from -1 to 1: the sum of what the words count, divided by the sum of its sizes and 1.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "A title, or more of a text.")
  var text: String
  @OptionGroup var config: ConfigOption
  @Option(
    help: ArgumentHelp("Words instead of those of the configuration; bundled, and files over it.", valueName: "FILE"))
  var lexicon: [String] = []
  @Option(help: "text or json")
  var format = Format.text

  func run() throws {
    let lexicon = try lexicon.isEmpty ? Workspace.sound(config).lexicon() : LexiconFiles.read(lexicon)
    guard let tone = lexicon.tone(of: text) else {
      if format == .json {
        Terminal.print(JSONValue.object([("score", .null), ("label", .null), ("words", .array([]))]).text)
      } else {
        Terminal.print("no score: the text has no word that the lexicon could know")
      }
      return
    }
    Terminal.print(format == .json ? NewsListing.json(tone).text : SentimentCommand.text(tone))
  }

  private static func text(_ tone: Tone) -> String {
    let lines = tone.words.map { word in
      var line = "  \(word.text)  \(Figure(word.contribution))"
      if word.contribution != word.weight {
        line += "  (weight \(Figure(word.weight))"
        if word.intensity != 1 { line += " × \(Figure(word.intensity))" }
        line += word.isNegated ? ", negated)" : ")"
      }
      return line
    }
    let head = "\(tone.label.rawValue) \(Figure((tone.score * 1_000).rounded() / 1_000))"
    return ([head] + (lines.isEmpty ? ["  no word of the lexicon"] : lines)).joined(separator: "\n")
  }
}
