public import Trading

/// Figures of one company's statements, as a file or a server has them.
public struct FiledStatement: Hashable, Sendable {
  public var symbol: String
  public var figures: [FiledFigure]
}

extension StatementField {
  /// Names by which others call it, in lower case: FMP's.
  private static let foreign: [String: StatementField] = [
    "costofrevenue": .costOfRevenue, "grossprofit": .grossProfit,
    "researchanddevelopmentexpenses": .researchAndDevelopment,
    "sellinggeneralandadministrativeexpenses": .sellingGeneralAdministrative, "operatingexpenses": .operatingExpenses,
    "operatingincome": .operatingIncome, "interestexpense": .interestExpense, "incomebeforetax": .incomeBeforeTax,
    "incometaxexpense": .incomeTax, "netincome": .netIncome, "epsdiluted": .epsDiluted,
    "weightedaverageshsout": .shares, "weightedaverageshsoutdil": .sharesDiluted, "cashandcashequivalents": .cash,
    "shortterminvestments": .shortTermInvestments, "netreceivables": .receivables,
    "totalcurrentassets": .currentAssets, "propertyplantequipmentnet": .propertyPlantEquipment,
    "intangibleassets": .intangibleAssets, "totalassets": .totalAssets, "accountpayables": .payables,
    "shorttermdebt": .shortTermDebt, "totalcurrentliabilities": .currentLiabilities, "longtermdebt": .longTermDebt,
    "totaldebt": .totalDebt, "totalliabilities": .totalLiabilities, "retainedearnings": .retainedEarnings,
    "totalstockholdersequity": .equity, "depreciationandamortization": .depreciationAmortization,
    "stockbasedcompensation": .stockCompensation, "operatingcashflow": .operatingCashFlow,
    "netcashprovidedbyoperatingactivities": .operatingCashFlow, "capitalexpenditure": .capitalExpenditure,
    "freecashflow": .freeCashFlow, "dividendspaid": .dividendsPaid, "netdividendspaid": .dividendsPaid,
    "commonstockrepurchased": .shareRepurchases,
    "netcashusedforinvestingactivites": .investingCashFlow, "netcashprovidedbyinvestingactivities": .investingCashFlow,
    "netcashusedprovidedbyfinancingactivities": .financingCashFlow,
    "netcashprovidedbyfinancingactivities": .financingCashFlow,
  ]

  /// The field of a column; nil where it is none.
  static func column(_ name: String) -> StatementField? { StatementField(rawValue: name) ?? foreign[name] }
}

extension FiledStatement {
  private static let metaColumns = ["symbol", "date", "period", "end", "filed", "accepted", "statement"]

  /// The figures of records, one a filing and period: `symbol`, `end` (or FMP's `date`), `period` (`Q1`…`Q4`,
  /// `quarter`, `FY`, `year`), `filed` or `accepted`, and a column a field; also `field` and `value`, one figure a
  /// record.
  ///
  /// A figure is known when its filing was accepted: a time without a zone is New York's; a date alone is known at the
  /// end of that day in New York. A filing that does not say when it was filed is refused: nobody could have known it.
  /// A cell that is empty is missing.
  ///
  /// - Parameter symbol: of records that say none.
  public static func read(
    _ records: [Record], file: String, symbol: String? = nil
  ) throws(RecordFault) -> [FiledStatement] {
    var faults = RecordFaults(file: file)
    var bySymbol: [String: [FiledFigure]] = [:]
    var columns: [String: StatementField] = [:]
    for name in Set(records.flatMap(\.fields.keys)) { columns[name] = StatementField.column(name) }
    if columns.isEmpty, !records.contains(where: { $0.fields["field"] != nil }) {
      throw RecordFault(
        file,
        ["has no column of a statement: \(StatementField.allCases.prefix(6).map(\.rawValue).joined(separator: ", ")) …"]
      )
    }
    for record in records {
      guard let owner = record.line("symbol", "ticker") ?? symbol else {
        faults.add("\(record.place): has no symbol; columns: \(metaColumns.joined(separator: ", "))")
        continue
      }
      guard let head = head(of: record, &faults) else { continue }
      var values: [(StatementField, String)] = columns.sorted { $0.key < $1.key }.compactMap { name, field in
        record.text(name).map { (field, $0) }
      }
      if let name = record.text("field"), let value = record.text("value") {
        guard let field = StatementField.column(DelimitedText.name(name)) else {
          faults.add("\(record.place): there is no field \"\(name.prefix(40))\"\(near(name))")
          continue
        }
        values.append((field, value))
      }
      // Some give one figure under two names.
      var seen: Set<StatementField> = []
      for (field, text) in values where seen.insert(field).inserted {
        guard let value = Double(text), value.isFinite else {
          faults.add("\(record.place): \(field.rawValue) is a number; found \"\(text.prefix(40))\"")
          continue
        }
        bySymbol[owner, default: []].append(
          FiledFigure(field, head.period, endDay: head.end, knownAt: head.known, value: value))
      }
    }
    try faults.end()
    return bySymbol.sorted { $0.key < $1.key }.map { FiledStatement(symbol: $0.key, figures: $0.value) }
  }

  /// Fields whose names lie near.
  private static func near(_ name: String) -> String {
    let bare = name.lowercased().filter(\.isLetter)
    let close = StatementField.allCases.filter { field in
      let other = field.rawValue.filter(\.isLetter)
      return other.hasPrefix(bare.prefix(4)) || bare.hasPrefix(other)
    }
    return close.isEmpty ? "" : "; there are \(close.map(\.rawValue).joined(separator: ", "))"
  }

  private static func head(
    of record: Record, _ faults: inout RecordFaults
  ) -> (period: FiledFigure.Period, end: Int, known: Instant)? {
    guard let endText = record.text("end", "period_end", "date"), let end = Instant(endText), isPlausible(end) else {
      faults.add("\(record.place): has no end of its period; write 2023-12-31 under end")
      return nil
    }
    let periodText = record.text("period") ?? "quarter"
    guard let period = period(periodText) else {
      faults.add("\(record.place): period is Q1 to Q4, quarter, FY or year; found \"\(periodText.prefix(40))\"")
      return nil
    }
    let filedText =
      record.text("accepted", "accepteddate", "known_at")
      ?? record.text("filed", "filingdate", "fillingdate", "filing_date")
    guard let filedText, let known = RecordTime.newYork(filedText) else {
      faults.add(
        "\(record.place): does not say when it was filed, so nobody knows from when on it was known; "
          + "write 2024-02-01 under filed, or a time under accepted")
      return nil
    }
    guard known.day >= end.day else {
      faults.add("\(record.place): was filed on \(filedText), before its period ended on \(endText)")
      return nil
    }
    return (period, end.day, known)
  }

  private static func isPlausible(_ end: Instant) -> Bool { (1900...2200).contains(end.date.year) }

  private static func period(_ text: String) -> FiledFigure.Period? {
    switch text.lowercased() {
    case "q1", "q2", "q3", "q4", "quarter", "quarterly": .quarter
    case "fy", "year", "annual", "annually": .year
    default: nil
    }
  }
}
