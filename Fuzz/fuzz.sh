#!/bin/sh
# Builds and runs each fuzz target for SECONDS. What it learns stays in .build/corpus and serves the next run.
#
#     fuzz.sh SECONDS [strategies|expressions|feeds]
set -eu
cd "$(dirname "$0")"
seconds=$1
targets=${2:-strategies expressions feeds}

mkdir -p .build/corpus/strategies .build/corpus/expressions .build/corpus/feeds .build/crashes
rm -rf .build/seeds && mkdir -p .build/seeds/strategies .build/seeds/expressions .build/seeds/feeds

# Seeds: every strategy file there is, expressions one a file, and the feeds of the tests.
cp ../Tests/NewsTests/Feeds/*.feed .build/seeds/feeds/
find ../strategies ../Tests/PipelinesTests ../Tests/Schema ../Benchmarks -name '*.yaml' -not -path '*/.build/*' |
  while read -r file; do cp "$file" ".build/seeds/strategies/$(echo "$file" | tr / _)"; done
{
  cat Expressions/seeds.txt
  gzip -dc ../Tests/Golden/IXIC-1d.talib.csv.gz | head -n 1 | grep -o '"[^"]*"' | tr -d '"'
} | awk '{ printf "%s", $0 > ".build/seeds/expressions/" NR; close(".build/seeds/expressions/" NR) }'

# Words of feeds: their tags and what opens and closes in them.
{
  cat ../Tests/NewsTests/Feeds/*.feed | tr '\0' ' ' | grep -aoE '</?[A-Za-z:]+|&[a-z]+;|[a-z:]+=' | sort -u
  printf '%s\n' '<![CDATA[' ']]>' '<!--' '-->' '<!DOCTYPE' '<!ENTITY' '<?xml' '?>' '/>' '&#x' '&#'
} | sort -u | sed 's/.*/"&"/' | sed 's/\\/\\\\/g' > .build/feeds.dict

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
    feeds) program=Feeds longest=16384 ;;
    *) echo "fuzz: no target $target; there are strategies, expressions and feeds" >&2; exit 2 ;;
  esac
  swift build -c release -Xswiftc -sanitize=fuzzer --product "$program"
  words=.build/words.dict
  if [ "$target" = feeds ]; then words=.build/feeds.dict; fi
  echo "fuzz: $target for $seconds seconds"
  if ! ".build/release/$program" -max_total_time="$seconds" -rss_limit_mb=500 -timeout=5 -max_len="$longest" \
    -dict=$words -artifact_prefix=".build/crashes/$target-" -print_final_stats=1 -verbosity=0 \
    ".build/corpus/$target" ".build/seeds/$target" > ".build/$target.log" 2>&1
  then
    tail -n 40 ".build/$target.log"
    echo "fuzz: $target failed. The input is in Fuzz/.build/crashes; the log is Fuzz/.build/$target.log." >&2
    echo "fuzz: keep it: a strategy under Tests/PipelinesTests/Faults, an expression in Fuzz/Expressions/seeds.txt, a feed in Tests/NewsTests/Feeds." >&2
    exit 1
  fi
  grep '^stat::' ".build/$target.log"
done
