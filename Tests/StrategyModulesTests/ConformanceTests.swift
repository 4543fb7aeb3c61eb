import Foundation
import PluginKit
import Pipelines
import StrategyModules
import TestSupport
import Testing
import Trading

/// What every indicator promises, tried on all of them.
@Suite struct IndicatorConformanceTests {
  static let ids = indicators.map(\.id)

  /// Settings to try: the defaults, those of the examples, and the smallest of every period.
  private static func settings(of entry: IndicatorEntry) -> [[String: Double]] {
    var least: [String: Double] = [:]
    for parameter in entry.parameters {
      if case .integer(let range) = parameter.kind { least[parameter.name] = Double(range.lowerBound) }
    }
    return [[:], least] + entry.examples.map(\.settings)
  }

  /// Columns that move and stand still, rise and fall, as candles do: by the names of the inputs.
  private static func columns(_ names: [String], rows: Int) -> [[Double]] {
    var random = SplitMix(seed: 11)
    var price = 100.0
    var columns = names.map { _ in [Double]() }
    for row in 0..<rows {
      let open = price
      price *= row % 17 > 12 ? 1 : 1 + (random.unit() - 0.5) / 10
      let (above, below) = (random.unit() / 20, random.unit() / 20)
      for (column, name) in names.enumerated() {
        switch name {
        case "open": columns[column].append(open)
        case "high": columns[column].append(max(open, price) * (1 + above))
        case "low": columns[column].append(min(open, price) * (1 - below))
        case "volume": columns[column].append(1_000 * (1 + random.unit()))
        case "y": columns[column].append(price * (1 + random.unit()))
        default: columns[column].append(price)
        }
      }
    }
    return columns
  }

  @Test("examples hold", arguments: ids) func examplesHold(_ id: String) throws {
    let entry = try #require(bundled.indicators[id])
    #expect(!entry.examples.isEmpty)
    for example in entry.examples {
      let outputs = Columns(entry(example.settings), entry).outputs(of: example.inputs)
      try #require(outputs.count == example.values.count)
      for (output, wanted) in zip(outputs, example.values) {
        try #require(output.count == wanted.count)
        for (found, value) in zip(output, wanted) {
          let agrees = value.map { abs(found - $0) <= 1e-12 * max(abs(found), abs($0)) } ?? found.isNaN
          #expect(agrees, "\(example.note): \(output) instead of \(wanted)")
        }
      }
    }
  }

  @Test("the first value stands exactly at the end of the warm-up", arguments: ids)
  func firstValueStandsAtWarmUp(_ id: String) throws {
    let entry = try #require(bundled.indicators[id])
    for settings in Self.settings(of: entry) {
      let work = entry(settings)
      for output in Columns(work, entry).outputs(of: Self.columns(entry.inputs, rows: work.warmUp + 3)) {
        #expect(output.firstIndex { !$0.isNaN } == work.warmUp, "\(settings)")
        #expect(output.dropFirst(work.warmUp).allSatisfy { $0.isFinite }, "\(settings)")
      }
    }
  }

  @Test("the values of a prefix are the prefix of the values", arguments: ids)
  func prefixes(_ id: String) throws {
    let entry = try #require(bundled.indicators[id])
    for settings in Self.settings(of: entry) {
      let inputs = Self.columns(entry.inputs, rows: 200)
      let whole = Columns(entry(settings), entry).outputs(of: inputs)
      for count in [1, 50, 123] {
        let part = Columns(entry(settings), entry).outputs(of: inputs.map { Array($0.prefix(count)) })
        #expect(bits(part) == bits(whole.map { Array($0.prefix(count)) }), "\(settings)")
      }
    }
  }

  @Test("the same input gives the same output, from one configured indicator any number of times", arguments: ids)
  func repeats(_ id: String) throws {
    let entry = try #require(bundled.indicators[id])
    let work = entry([:])
    let inputs = Self.columns(entry.inputs, rows: 200)
    let first = Columns(work, entry).outputs(of: inputs)
    #expect(bits(Columns(work, entry).outputs(of: inputs)) == bits(first))
    #expect(bits(Columns(entry([:]), entry).outputs(of: inputs)) == bits(first))
  }

  @Test("a step at a time is the column, bit for bit", arguments: ids, [1, 3, 64])
  func stepsAreTheColumn(_ id: String, _ block: Int) throws {
    let entry = try #require(bundled.indicators[id])
    for settings in Self.settings(of: entry) {
      var inputs = Self.columns(entry.inputs, rows: 200)
      inputs[0][90] = .nan
      let column = Columns(entry(settings), entry).outputs(of: inputs)
      #expect(bits(Columns(entry(settings), entry, block: block).outputs(of: inputs)) == bits(column), "\(settings)")
    }
  }

  @Test("the steps of a live host are the column, bit for bit, over holes and restarts", arguments: ids)
  func liveStepsAreTheColumn(_ id: String) throws {
    let entry = try #require(bundled.indicators[id])
    for settings in Self.settings(of: entry) {
      let warmUp = entry(settings).warmUp
      for input in entry.inputs.indices {
        var inputs = Self.columns(entry.inputs, rows: 3 * warmUp + 120)
        // At the begin, during the warm-up, at and after the first value, and two in a row.
        for hole in [0, warmUp / 2, 2 * warmUp + 1, 2 * warmUp + 2, 3 * warmUp + 4] { inputs[input][hole] = .nan }
        inputs[input][3 * warmUp + 60] = .infinity
        let column = Columns(entry(settings), entry).outputs(of: inputs)
        #expect(bits(Columns(entry(settings), entry).stepped(over: inputs)) == bits(column), "\(settings)")
      }
    }
  }

  @Test("nothing is read beyond the reach", arguments: ids) func reach(_ id: String) throws {
    let entry = try #require(bundled.indicators[id])
    for settings in Self.settings(of: entry) {
      let inputs = Self.columns(entry.inputs, rows: 200)
      let whole = Columns(entry(settings), entry).outputs(of: inputs)
      // Every row that is further back is poisoned before each step.
      let poisoned = Columns(entry(settings), entry, block: 1, poisons: true).outputs(of: inputs)
      #expect(bits(poisoned) == bits(whole), "\(settings)")
    }
  }

  @Test("a hole restarts", arguments: ids) func holesRestart(_ id: String) throws {
    let entry = try #require(bundled.indicators[id])
    for settings in Self.settings(of: entry) {
      for input in entry.inputs.indices {
        for hole in [Double.nan, .infinity] {
          var inputs = Self.columns(entry.inputs, rows: 200)
          inputs[input][80] = hole
          let outputs = Columns(entry(settings), entry).outputs(of: inputs)
          let before = Columns(entry(settings), entry).outputs(of: inputs.map { Array($0[..<80]) })
          let after = Columns(entry(settings), entry).outputs(of: inputs.map { Array($0[81...]) })
          for (output, (first, rest)) in zip(outputs, zip(before, after)) {
            #expect(bits([output]) == bits([first + [.nan] + rest]), "\(settings)")
          }
        }
      }
    }
  }

  @Test("settings out of range and unknown ones are refused", arguments: ids) func refuses(_ id: String) throws {
    let entry = try #require(bundled.indicators[id])
    let series = entry.takesSeries ? entry.inputs.map { _ in "close" } : []
    func codes(_ arguments: [String]) -> [Diagnostic.Code] {
      let output = entry.outputs.first.map { ".\($0)" } ?? ""
      do {
        _ = try Evaluation(["\(id)(\((series + arguments).joined(separator: ", ")))\(output)"], registry: bundled)
        return []
      } catch { return error.diagnostics.map(\.code) }
    }
    let defaults = entry.parameters.map { "\($0.initial.number ?? 0)" }
    #expect(codes(defaults) == [])
    #expect(codes(defaults + ["1"]) == [.wrongArguments])
    for (index, parameter) in entry.parameters.enumerated() {
      for bad in parameter.outside {
        var arguments = defaults
        arguments[index] = "\(bad)"
        #expect(codes(arguments) == [.outOfRange], "\(parameter.name) \(bad)")
      }
      for good in parameter.bounds {
        var arguments = defaults
        arguments[index] = "\(good)"
        #expect(codes(arguments) == [], "\(parameter.name) \(good)")
      }
    }
  }
}

/// What every signal module promises.
@Suite struct SignalConformanceTests {
  static let ids = signals.map(\.id)

  private func read(_ pipeline: String) -> (strategy: Strategy?, diagnostics: [Diagnostic]) {
    let text = "name: x\ntimeframe: 1d\nsymbols: [X]\npipeline:\n\(pipeline)"
    return StrategyReader(registry: bundled).read(file: "x.yaml", bytes: Array(text.utf8))
  }

  /// A step of the module, with the steps that a combinator reads.
  private func pipeline(_ entry: SignalEntry, levels: [Double]? = nil, with settings: String) -> String {
    let levels = levels ?? (0..<entry.inputs.least).map { 100 + Double($0) }
    guard entry.inputs != .none else { return "  - { id: s, module: \(entry.id), with: { \(settings) } }\n" }
    let inputs = levels.enumerated().map { "  - { id: i\($0), buy: close > \($1), sell: close < \($1) }\n" }
    let names = levels.indices.map { "i\($0)" }.joined(separator: ", ")
    return inputs.joined() + "  - { id: s, module: \(entry.id), inputs: [\(names)], with: { \(settings) } }\n"
  }

  @Test("examples hold", arguments: ids) func examplesHold(_ id: String) throws {
    let entry = try #require(bundled.signals[id])
    #expect(!entry.examples.isEmpty)
    for example in entry.examples {
      let settings = example.settings.sorted { $0.key < $1.key }.map { name, setting in
        "\(name): \(setting.written)"
      }
      let text = pipeline(entry, levels: example.inputLevels, with: settings.joined(separator: ", "))
      let (strategy, diagnostics) = read(text)
      #expect(diagnostics.map(\.description) == [])
      let closes = try SeriesNotation.values(of: example.closes)
      let volumes = try example.volumes.map { try SeriesNotation.values(of: $0) }
      let candles = StrategyTest.candles(closes: closes, volumes: volumes)
      let made = try #require(strategy)
      let found = try run([made], over: candles).flatMap(\.signals)
      #expect(
        found.map { "\($0.direction.rawValue) \($0.bar)" }
          == example.signals.map { "\($0.direction.rawValue) \($0.bar)" }, "\(example.note)")
      for signal in found {
        #expect(!signal.reason.isEmpty && !signal.reason.contains("{"), "every quote has a value: \(signal.reason)")
        #expect((0...100).contains(signal.confidence))
      }
    }
  }

  @Test("settings out of range and unknown ones are refused", arguments: ids) func refuses(_ id: String) throws {
    let entry = try #require(bundled.signals[id])
    func codes(_ settings: String) -> [Diagnostic.Code] {
      read(pipeline(entry, with: settings)).diagnostics.map(\.code)
    }
    #expect(codes("") == [])
    #expect(codes("no_such_setting: 1") == [.unknownKey])
    for parameter in entry.parameters {
      for bad in parameter.outside {
        #expect(codes("\(parameter.name): \(parameter.written(bad))") == [.outOfRange], "\(parameter.name) \(bad)")
      }
      var isList = false
      if case .numbers = parameter.kind { isList = true }
      #expect(codes("\(parameter.name): \(isList ? "[perhaps]" : "[1]")") == [.wrongType])
      #expect(codes("\(parameter.name): perhaps") == [.wrongType])
    }
  }

  /// A strategy of the module with its defaults and with each example's settings, over bars of which some are missing.
  private func trials(_ entry: SignalEntry) throws -> [(strategy: Strategy, candles: CandleSeries)] {
    var random = SplitMix(seed: 3)
    var price = 100.0
    let closes = (0..<400).map { bar in
      price += 3 * (random.unit() - 0.5) + (100 - price) / 50
      return bar % 41 == 40 ? .nan : price
    }
    let candles = StrategyTest.candles(closes: closes, volumes: closes.map { $0 * random.unit() })
    let plain: [(settings: [String: Setting], levels: [Double]?)] = [([:], nil)]
    return try (plain + entry.examples.map { ($0.settings, $0.inputLevels) }).map { settings, levels in
      let with = settings.map { "\($0.key): \($0.value.written)" }.joined(separator: ", ")
      return (try #require(read(pipeline(entry, levels: levels, with: with)).strategy), candles)
    }
  }

  @Test("a bar at a time gives the signals of the whole", arguments: ids) func streams(_ id: String) throws {
    for (strategy, candles) in try trials(try #require(bundled.signals[id])) {
      let whole = try run([strategy], over: candles)
      for block in [1, 7] {
        let part = try run([strategy], over: candles, block: block)
        #expect(part.flatMap(\.signals) == whole.flatMap(\.signals))
      }
    }
  }

  @Test("the signals of a prefix are the prefix of the signals", arguments: ids) func prefixes(_ id: String) throws {
    for (strategy, candles) in try trials(try #require(bundled.signals[id])) {
      let whole = try run([strategy], over: candles).flatMap(\.signals)
      for count in [1, 150, 333] {
        let bars = (0..<count).map { candles[$0] }
        let part = CandleSeries(instrument: candles.instrument, timeframe: candles.timeframe, candles: bars)
        #expect(try run([strategy], over: part).flatMap(\.signals) == whole.filter { $0.bar < count })
      }
    }
  }

  @Test("every admitted setting runs, or conflicts with the others", arguments: ids) func extremes(_ id: String) throws
  {
    let entry = try #require(bundled.signals[id])
    var random = SplitMix(seed: 5)
    let closes = (0..<300).map { bar in bar % 41 == 40 ? .nan : 100 + 20 * (random.unit() - 0.5) }
    let candles = StrategyTest.candles(closes: closes, volumes: closes.map { $0 * random.unit() })
    for parameter in entry.parameters {
      var settings = parameter.bounds.map(parameter.written)
      if case .choice(let words) = parameter.kind { settings = words }
      for setting in settings {
        let (strategy, diagnostics) = read(pipeline(entry, with: "\(parameter.name): \(setting)"))
        #expect(
          diagnostics.allSatisfy { [.outOfRange, .badTime].contains($0.code) },
          "\(parameter.name) \(setting): \(diagnostics)")
        guard let strategy else { continue }
        var signals: [Signal] = []
        do {
          signals = try run([strategy], over: candles).flatMap(\.signals)
        } catch {
          // A clock below that of the bars is refused where they are known.
          if case GraphError.notHigher = error {} else { throw error }
        }
        #expect(signals.allSatisfy { !$0.reason.contains("{") && (0...100).contains($0.confidence) })
      }
    }
  }
}

/// The lists against the folders.
@Suite struct RegistrationTests {
  private func types(in folder: String) throws -> [String] {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Plugins/StrategyModules").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: path.appending(path: folder).path)
    return files.filter { $0.hasSuffix(".swift") }.map { String($0.dropLast(6)) }
  }

  private func listed(_ kind: String) throws -> [String] {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Plugins/StrategyModules/StrategyModules.swift").standardized
    return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").compactMap { line in
      guard let start = line.firstRange(of: "\(kind)("), let end = line.firstRange(of: ".self)") else { return nil }
      return String(line[start.upperBound..<end.lowerBound])
    }
  }

  @Test("the list is alphabetical and names every file of the folder", arguments: ["Indicator", "Signal"])
  func listEqualsFolder(_ kind: String) throws {
    let listed = try listed("\(kind)Entry")
    #expect(listed == listed.sorted { $0.lowercased() < $1.lowercased() })
    let files = try types(in: "\(kind)s")
    #expect(Set(listed) == Set(files))
    let patterns = try candlesticks().listed.count
    #expect(listed.count == (kind == "Indicator" ? indicators.count - patterns : signals.count))
  }

  /// The candlestick patterns in their list, and those that the files of the folder declare.
  private func candlesticks() throws -> (listed: [String], declared: [String]) {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Plugins/StrategyModules/Candlesticks").standardized
    var (listed, declared): ([String], [String]) = ([], [])
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
      listed += text.matches(of: /IndicatorEntry\(Candlestick<(\w+)>\.self\)/).map { String($0.1) }
      declared += text.matches(of: /struct (\w+): CandlePattern/).map { String($0.1) }
    }
    return (listed, declared)
  }

  @Test("the list of candlestick patterns is alphabetical and names every pattern of the folder")
  func candlesticksEqualFolder() throws {
    let (listed, declared) = try candlesticks()
    #expect(listed == listed.sorted { $0.lowercased() < $1.lowercased() })
    #expect(Set(listed) == Set(declared) && listed.count == declared.count)
  }

  @Test("no two modules have one id, and ids are words of the language") func idsAreApart() {
    let ids = indicators.map(\.id) + signals.map(\.id)
    #expect(Set(ids).count == ids.count)
    for id in ids { #expect(id.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, "\(id)") }
  }

  @Test("every module says what it is and what its parameters mean") func everythingIsSaid() {
    for entry in indicators {
      #expect(entry.summary.hasSuffix(".") && !entry.inputs.isEmpty, "\(entry.id)")
      for parameter in entry.parameters { #expect(!parameter.meaning.isEmpty, "\(entry.id).\(parameter.name)") }
    }
    for entry in signals {
      #expect(entry.summary.hasSuffix("."), "\(entry.id)")
      for parameter in entry.parameters { #expect(!parameter.meaning.isEmpty, "\(entry.id).\(parameter.name)") }
    }
  }
}
