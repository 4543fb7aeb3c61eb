import PluginKit
import Trading

/// How an expression asks for what is known besides prices.
struct FactForm: Sendable {
  let name: String
  let form: String
  let meaning: String

  static let all = [
    FactForm(
      name: "sentiment", form: "sentiment(3d)",
      meaning: "the mean score, −1 to 1, of the news of the last so long that was known by the bar's close"),
    FactForm(
      name: "news", form: "news.count(3d)",
      meaning: "how many items of news there were in the last so long; no value before the first there is"),
    FactForm(
      name: "fundamental", form: "fundamental(\"revenue\", \"latest\", 0)",
      meaning:
        "a figure of the statements filed by the bar's close: of the newest quarter (or year, of who files none), "
        + "\"quarter\", \"year\" or \"ttm\" (twelve months); so many years before"),
  ]

  static var fields: String { StatementField.allCases.map(\.rawValue).joined(separator: ", ") }
}

extension Binder {
  /// Years between the newest period and the one that is meant.
  private static let yearLimit = 20
  private static let windowLimit = Timeframe(366, .day)

  func reportFactForm(of name: String, _ range: Range<Int>) {
    guard let form = FactForm.all.first(where: { $0.name == name }) else { return }
    report(.wrongArguments, range, "\(name) is written \(form.form)", hint: form.meaning)
  }

  func fact(
    _ name: String, _ nameRange: Range<Int>, _ arguments: [Expression], _ range: Range<Int>,
    output: (name: String, range: Range<Int>)?
  ) -> Bound? {
    if let output {
      report(.outputNeeded, output.range, "\(name) has one value and no outputs", hint: "leave out .\(output.name)")
      return nil
    }
    switch name {
    case "sentiment":
      return window(arguments, range, "sentiment").map { bound(.sentiment($0)) }
    case "fundamental": return fundamental(arguments, range)
    default:
      reportFactForm(of: name, nameRange)
      return nil
    }
  }

  /// What stands behind `news.`
  func news(_ name: String, _ nameRange: Range<Int>, _ arguments: [Expression], _ range: Range<Int>) -> Bound? {
    guard name == "count" else {
      report(
        .unknownName, nameRange, "news has no \"\(name)\"",
        hint: nearest(name, among: ["count"]) == nil && name != "sentiment"
          ? "news.count(3d) counts them" : name == "sentiment" ? "write sentiment(3d)" : "did you mean \"count\"?")
      return nil
    }
    return window(arguments, range, "news.count").map { bound(.newsCount($0)) }
  }

  private func bound(_ measure: FactMeasure) -> Bound {
    Bound(node: graph.series(SeriesKey(.fact(measure))), kind: .number)
  }

  /// The one argument, a length of time.
  private func window(_ arguments: [Expression], _ range: Range<Int>, _ what: String) -> Timeframe? {
    guard let argument = arguments.first, arguments.count == 1, case .duration(let length) = argument.kind else {
      report(
        .wrongArguments, arguments.count == 1 ? arguments[0].range : range,
        "\(what) takes how far it looks back, as a duration", hint: "\(what)(3d); 12h, 3d, 1w, 1mo")
      return nil
    }
    guard length.milliseconds <= Binder.windowLimit.milliseconds else {
      report(.outOfRange, argument.range, "\(what) looks back 366d at most; found \(length)")
      return nil
    }
    return length
  }

  /// `fundamental("revenue")`, with the span and the years before where they are given.
  private func fundamental(_ arguments: [Expression], _ range: Range<Int>) -> Bound? {
    guard (1...3).contains(arguments.count) else {
      report(
        .wrongArguments, range, "fundamental takes 1 to 3 arguments; found \(arguments.count)",
        hint: "fundamental(\"revenue\"), fundamental(\"revenue\", \"ttm\"), fundamental(\"revenue\", \"quarter\", 1)")
      return nil
    }
    let field = word(arguments[0], "the field of fundamental", StatementField.init(rawValue:)) {
      StatementField.allCases.map(\.rawValue)
    }
    var span: FactMeasure.Span? = .latest
    if arguments.count > 1 {
      span = word(arguments[1], "the span of fundamental", FactMeasure.Span.init(rawValue:)) {
        FactMeasure.Span.allCases.map(\.rawValue)
      }
    }
    var years: Int? = 0
    if arguments.count > 2 {
      years = constant(arguments[2], "the years before of fundamental").flatMap { Int(exactly: $0) }
        .flatMap { (0...Binder.yearLimit).contains($0) ? $0 : nil }
      if years == nil {
        report(
          .outOfRange, arguments[2].range,
          "fundamental reads the same period a whole number of years before, 0 to \(Binder.yearLimit)")
      }
    }
    guard let field, let span, let years else { return nil }
    if span == .ttm, !field.isFlow {
      report(
        .wrongArguments, arguments[1].range,
        "\(field.rawValue) is no amount over a period: twelve months do not add up",
        hint: "leave out \"ttm\"")
      return nil
    }
    return bound(.fundamental(field, span, yearsBefore: years))
  }

  private func word<Value>(
    _ argument: Expression, _ what: String, _ make: (String) -> Value?, among words: () -> [String]
  ) -> Value? {
    guard case .text(let text) = argument.kind else {
      report(
        .wrongArguments, argument.range, "\(what) is a word in quotes; found \(source(argument))",
        hint: "fundamental(\"revenue\")")
      return nil
    }
    if let value = make(text) { return value }
    report(
      .unknownName, argument.range, "\(what) is not \"\(text)\"",
      hint: suggestion(for: text, among: words(), called: "words"))
    return nil
  }
}
