import PluginKit

extension Binder {
  /// A call of an indicator or a function.
  func call(
    _ name: String, _ nameRange: Range<Int>, _ arguments: [Expression], _ range: Range<Int>,
    output: (name: String, range: Range<Int>)?
  ) -> Bound? {
    if let entry = registry.indicators[name] { return indicator(entry, arguments, range, output: output) }
    if name == "symbol" {
      report(.outputNeeded, range, "\"symbol\" has several series: say which", hint: "symbol(\"^VIX\").close")
      return nil
    }
    if Binder.factNames.contains(name) { return fact(name, nameRange, arguments, range, output: output) }
    if name == "entry" {
      reportTradeOnly("entry()", nameRange)
      return nil
    }
    guard let function = Functions.builtIn[name] else {
      for argument in arguments { _ = bind(argument) }
      let known = Array(registry.indicators.keys) + Array(Functions.builtIn.keys) + Binder.factNames
      let isSignal = registry.signals[name] != nil
      report(
        .unknownName, nameRange, "there is no function \"\(name)\"",
        hint: isSignal
          ? "\(name) is a signal module: write it as a step, module: \(name)"
          : nearest(name, among: known).map { "did you mean \"\($0)\"?" } ?? "`finstage modules` lists them")
      return nil
    }
    if let output {
      report(.outputNeeded, output.range, "\(function.form) has no outputs")
      return nil
    }
    return apply(function, arguments, range)
  }

  private func apply(_ function: Functions.Function, _ arguments: [Expression], _ range: Range<Int>) -> Bound? {
    guard takes(function, arguments.count) else {
      for argument in arguments { _ = bind(argument) }
      report(
        .wrongArguments, range, "\(function.name) takes \(count(of: function)); found \(arguments.count)",
        hint: "\(function.form): \(function.meaning)")
      return nil
    }
    var columns: [Int?] = []
    var bars: Int? = 1
    var kind: Graph.ValueKind?
    let forms = expanded(function.arguments, to: arguments.count)
    for (index, form) in forms.enumerated() {
      guard index < arguments.count else {
        if case .bars(_, let initial) = form { bars = initial }
        continue
      }
      let argument = arguments[index]
      switch form {
      case .number, .numbers: columns.append(number(argument, function.name))
      case .condition: columns.append(condition(argument, function.name))
      case .bars(let name, _): bars = barCount(argument, "\(name) of \(function.name)")
      case .alike:
        let bound = bind(argument)
        if let bound, let first = kind, bound.kind != first {
          report(
            .kindMismatch, argument.range,
            "both values of \(function.name) are of one kind: the first is a \(first.rawValue), "
              + "\"\(source(argument))\" is a \(bound.kind.rawValue)")
          columns.append(nil)
          continue
        }
        if let bound { kind = bound.kind }
        columns.append(bound?.node)
      }
    }
    let complete = columns.compactMap { $0 }
    guard complete.count == columns.count, let bars else { return nil }
    return Bound(node: function.make(&graph, complete, bars), kind: function.result ?? kind ?? .number)
  }

  private func expanded(_ forms: [Functions.Argument], to count: Int) -> [Functions.Argument] {
    guard let last = forms.last, case .numbers = last, count > forms.count else { return forms }
    return forms + Array(repeating: last, count: count - forms.count)
  }

  private func takes(_ function: Functions.Function, _ count: Int) -> Bool {
    var least = function.arguments.count
    if case .bars(_, .some) = function.arguments.last { least -= 1 }
    if case .numbers = function.arguments.last { return count >= least }
    return (least...function.arguments.count).contains(count)
  }

  private func count(of function: Functions.Function) -> String {
    let count = function.arguments.count
    if case .bars(_, .some) = function.arguments.last { return "\(count - 1) or \(count) arguments" }
    if case .numbers = function.arguments.last { return "one or more arguments" }
    return count == 1 ? "1 argument" : "\(count) arguments"
  }

  private func barCount(_ expression: Expression, _ what: String) -> Int? {
    guard let value = constant(expression, what) else { return nil }
    if let whole = Int(exactly: value), (1...Functions.barLimit).contains(whole) { return whole }
    report(
      .outOfRange, expression.range, "\(what) is a whole number from 1 to \(Functions.barLimit); found \(Figure(value))"
    )
    return nil
  }

  private func indicator(
    _ entry: IndicatorEntry, _ arguments: [Expression], _ range: Range<Int>,
    output: (name: String, range: Range<Int>)?
  ) -> Bound? {
    let seriesCount = entry.takesSeries ? entry.inputs.count : 0
    let most = seriesCount + entry.parameters.count
    guard (seriesCount...most).contains(arguments.count) else {
      for argument in arguments { _ = bind(argument) }
      let wanted = seriesCount == most ? "\(most)" : "\(seriesCount) \(most == seriesCount + 1 ? "or" : "to") \(most)"
      report(
        .wrongArguments, range,
        "\(entry.id) takes \(wanted) argument\(wanted == "1" ? "" : "s"); found \(arguments.count)",
        hint: Functions.form(of: entry))
      return nil
    }
    var sound = true
    var inputs: [Int] = []
    for argument in arguments.prefix(seriesCount) {
      guard let column = number(argument, entry.id) else {
        sound = false
        continue
      }
      if case .number = graph.nodes[column].kind {
        report(
          .wrongArguments, argument.range, "\(entry.id) wants a series here; \"\(source(argument))\" is one number",
          hint: Functions.form(of: entry))
        sound = false
      }
      inputs.append(column)
    }
    var settings: [String: Double] = [:]
    for (argument, parameter) in zip(arguments.dropFirst(seriesCount), entry.parameters) {
      guard let value = constant(argument, "\(parameter.name) of \(entry.id)") else {
        sound = false
        continue
      }
      if let fault = parameter.fault(in: .number(value)) {
        report(.outOfRange, argument.range, "\(entry.id): \(fault)", hint: "\(parameter.name) is \(parameter.admitted)")
        sound = false
      }
      settings[parameter.name] = value
    }
    guard let place = self.output(of: entry, output, range), sound else { return nil }
    return Bound(node: graph.indicator(entry, inputs, settings, output: place), kind: .number)
  }

  /// Which output is meant; nil, and reported, where that is not said right.
  private func output(
    of entry: IndicatorEntry, _ output: (name: String, range: Range<Int>)?, _ range: Range<Int>
  ) -> Int? {
    let admitted = entry.outputs.map { ".\($0)" }.joined(separator: ", ")
    guard let output else {
      if entry.outputs.isEmpty { return 0 }
      report(.outputNeeded, range, "\(entry.id) has several outputs: say which", hint: "outputs: \(admitted)")
      return nil
    }
    if let place = entry.outputs.firstIndex(of: output.name) { return place }
    let near = nearest(output.name, among: entry.outputs).map { "did you mean .\($0)?" }
    report(
      .outputNeeded, output.range,
      entry.outputs.isEmpty ? "\(entry.id) has one value and no outputs" : "\(entry.id) has no output .\(output.name)",
      hint: entry.outputs.isEmpty ? "leave out .\(output.name)" : near ?? "outputs: \(admitted)")
    return nil
  }
}
