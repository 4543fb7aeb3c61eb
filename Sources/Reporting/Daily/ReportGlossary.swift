/// The words of a report, for readers who meet them for the first time.
enum ReportGlossary {
  private static let all: [(anchor: String, en: (String, String), ko: (String, String))] = [
    (
      "backtesting", ("Backtesting", "Trying rules on past prices: what would have come of them?"),
      ("백테스팅", "과거 데이터로 전략을 시험해 \"만약 이렇게 투자했다면?\"을 계산")
    ),
    (
      "win-rate", ("Win rate", "The share of signals after which the price moved the way they said."),
      ("승률", "신호가 말한 방향으로 가격이 움직인 비율")
    ),
    (
      "base-rate", ("Base rate", "The win rate of making the same call on every bar. Only what is above it is skill."),
      ("기준 승률", "모든 봉에서 같은 방향을 말했을 때의 승률. 이를 넘는 부분만 실력")
    ),
    (
      "interval", ("Interval (95%)", "Where the true rate probably lies; wide with few samples (n)."),
      ("신뢰구간(95%)", "실제 비율이 있을 법한 범위. 표본(n)이 적으면 넓음")
    ),
    (
      "out-of-sample",
      ("Out-of-sample", "After the day on which the rule was first seen: what its author cannot have fitted it to."),
      ("표본 외", "규칙이 처음 기록된 날의 다음 날부터. 작성자가 미리 맞춰 볼 수 없던 기간")
    ),
    (
      "corrected-p",
      ("Corrected p", "How often luck alone gives the best of so many something as good; below 0.05 it hardly does."),
      ("보정 p", "여럿 중 최고가 우연만으로 이만큼 나올 확률. 0.05 미만이면 우연으로 보기 어려움")
    ),
    (
      "sharpe", ("Sharpe ratio", "Return for each unit of risk: the mean return over its spread."),
      ("샤프 비율", "위험 한 단위당 수익: 평균 수익률 ÷ 변동성")
    ),
    (
      "ma200", ("MA200", "The mean close of the last 200 bars, the long trend."), ("MA200", "최근 200봉 종가의 평균, 장기 추세")
    ),
    (
      "golden-cross", ("Golden cross", "The 50-bar mean rises above the 200-bar mean."),
      ("골든크로스", "단기선(50)이 장기선(200)을 위로 뚫고 올라감")
    ),
    (
      "rsi", ("RSI", "0–100: how strong recent rises are against falls; above 70 overbought, below 30 oversold."),
      ("RSI", "0–100: 최근 상승과 하락의 힘. 70 이상 과매수, 30 이하 과매도")
    ),
    (
      "clusters",
      ("Pattern clustering", "Situations that are alike are put together, and what followed them is counted."),
      ("패턴 클러스터링", "비슷한 상황을 묶어 그 뒤에 무엇이 왔는지 셈")
    ),
    (
      "confidence", ("Confidence", "0–100, what the author of a strategy claims; compare it with the win rate."),
      ("신뢰도", "0–100, 전략 작성자의 주장. 실제 승률과 비교할 것")
    ),
  ]

  static func terms(isKorean: Bool) -> [ReportContent.Term] {
    all.map { one in
      let (term, meaning) = isKorean ? one.ko : one.en
      return ReportContent.Term(anchor: one.anchor, term: term, meaning: meaning)
    }
  }
}
