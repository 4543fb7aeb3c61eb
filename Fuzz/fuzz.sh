#!/bin/sh
# Builds the fuzz targets and runs each for SECONDS. What it learns stays in .build/corpus and serves the next run.
#
#     fuzz.sh SECONDS [strategies|expressions]
set -eu
cd "$(dirname "$0")"
seconds=$1
targets=${2:-strategies expressions}

swift build -c release -Xswiftc -sanitize=fuzzer
mkdir -p .build/corpus/strategies .build/corpus/expressions .build/crashes
rm -rf .build/seeds && mkdir -p .build/seeds/strategies .build/seeds/expressions

# Seeds: every strategy file there is, and expressions one a file.
find ../strategies ../Tests/PipelinesTests ../Tests/Schema ../Benchmarks -name '*.yaml' -not -path '*/.build/*' |
  while read -r file; do cp "$file" ".build/seeds/strategies/$(echo "$file" | tr / _)"; done
{
  cat Expressions/seeds.txt
  gzip -dc ../Tests/Golden/IXIC-1d.talib.csv.gz | head -n 1 | grep -o '"[^"]*"' | tr -d '"'
} | awk '{ printf "%s", $0 > ".build/seeds/expressions/" NR; close(".build/seeds/expressions/" NR) }'

# Words to put in: the functions and indicators of the reference, and the keys of a strategy.
{
  grep -oE '`[a-z_0-9]+\(' ../docs/expressions.md | tr -d '`'
  printf '%s\n' ' and ' ' or ' 'not ' '[1]' ' @ 1w' .line .upper .k open high low close volume '2%' '_x3' '100x30' 101+1x5
  grep -rohE --include='*.yaml' '[a-z_]+: ' ../strategies | sort -u
} | sort -u | sed 's/.*/"&"/' > .build/words.dict

for target in $targets; do
  case $target in
    strategies) program=Strategies longest=8192 ;;
    expressions) program=Expressions longest=1024 ;;
    *) echo "fuzz: no target $target; there are strategies and expressions" >&2; exit 2 ;;
  esac
  echo "fuzz: $target for $seconds seconds"
  if ! ".build/release/$program" -max_total_time="$seconds" -rss_limit_mb=500 -timeout=5 -max_len="$longest" \
    -dict=.build/words.dict -artifact_prefix=".build/crashes/$target-" -print_final_stats=1 -verbosity=0 \
    ".build/corpus/$target" ".build/seeds/$target" > ".build/$target.log" 2>&1
  then
    tail -n 40 ".build/$target.log"
    echo "fuzz: $target failed. The input is in Fuzz/.build/crashes; the log is Fuzz/.build/$target.log." >&2
    echo "fuzz: keep it: a strategy under Tests/PipelinesTests/Faults, an expression as a line of Fuzz/Expressions/seeds.txt." >&2
    exit 1
  fi
  grep '^stat::' ".build/$target.log"
done
