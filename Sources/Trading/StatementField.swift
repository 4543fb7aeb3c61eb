/// A line of a company's financial statements that an expression can read: `fundamental("revenue")`.
public enum StatementField: String, Hashable, Sendable, CaseIterable {
  // Income statement.
  case revenue
  case costOfRevenue = "cost_of_revenue"
  case grossProfit = "gross_profit"
  case researchAndDevelopment = "research_and_development"
  case sellingGeneralAdministrative = "selling_general_administrative"
  case operatingExpenses = "operating_expenses"
  case operatingIncome = "operating_income"
  case interestExpense = "interest_expense"
  case ebitda
  case incomeBeforeTax = "income_before_tax"
  case incomeTax = "income_tax"
  case netIncome = "net_income"
  case eps
  case epsDiluted = "eps_diluted"
  case shares
  case sharesDiluted = "shares_diluted"
  // Balance sheet.
  case cash
  case shortTermInvestments = "short_term_investments"
  case receivables
  case inventory
  case currentAssets = "current_assets"
  case propertyPlantEquipment = "property_plant_equipment"
  case goodwill
  case intangibleAssets = "intangible_assets"
  case totalAssets = "total_assets"
  case payables
  case shortTermDebt = "short_term_debt"
  case currentLiabilities = "current_liabilities"
  case longTermDebt = "long_term_debt"
  case totalDebt = "total_debt"
  case totalLiabilities = "total_liabilities"
  case retainedEarnings = "retained_earnings"
  case equity
  case bookValuePerShare = "book_value_per_share"
  // Cash flow statement.
  case depreciationAmortization = "depreciation_amortization"
  case stockCompensation = "stock_compensation"
  case operatingCashFlow = "operating_cash_flow"
  case capitalExpenditure = "capital_expenditure"
  case freeCashFlow = "free_cash_flow"
  case dividendsPaid = "dividends_paid"
  case dividendsPerShare = "dividends_per_share"
  case shareRepurchases = "share_repurchases"
  case investingCashFlow = "investing_cash_flow"
  case financingCashFlow = "financing_cash_flow"

  public enum Statement: String, Sendable, CaseIterable {
    case income, balance
    case cashFlow = "cash_flow"
  }

  public var statement: Statement {
    switch self {
    case .revenue, .costOfRevenue, .grossProfit, .researchAndDevelopment, .sellingGeneralAdministrative,
      .operatingExpenses, .operatingIncome, .interestExpense, .ebitda, .incomeBeforeTax, .incomeTax, .netIncome, .eps,
      .epsDiluted, .shares, .sharesDiluted:
      .income
    case .cash, .shortTermInvestments, .receivables, .inventory, .currentAssets, .propertyPlantEquipment, .goodwill,
      .intangibleAssets, .totalAssets, .payables, .shortTermDebt, .currentLiabilities, .longTermDebt, .totalDebt,
      .totalLiabilities, .retainedEarnings, .equity, .bookValuePerShare:
      .balance
    case .depreciationAmortization, .stockCompensation, .operatingCashFlow, .capitalExpenditure, .freeCashFlow,
      .dividendsPaid, .dividendsPerShare, .shareRepurchases, .investingCashFlow, .financingCashFlow:
      .cashFlow
    }
  }

  /// Whether it is an amount over a period, so that periods add up; else it is the state at the period's end, or a mean
  /// over it.
  public var isFlow: Bool {
    switch self {
    case .shares, .sharesDiluted: false
    default: statement != .balance
    }
  }

  /// Whether it is money a share, which goes with the price and not with the company.
  public var isPerShare: Bool {
    switch self {
    case .eps, .epsDiluted, .bookValuePerShare, .dividendsPerShare: true
    default: false
    }
  }
}
