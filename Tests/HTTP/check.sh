#!/bin/sh
# The running server against its own document, and its metrics against Prometheus: check.sh FINSTAGE VENV
# schemathesis and openapi-spec-validator come from VENV, promtool from PATH or PROMTOOL.
set -eu
program=$(realpath "$1")
tools=$(realpath "$2")/bin
root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp -d)
pid=
trap 'test -z "$pid" || kill "$pid" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT INT TERM

"$tools/openapi-spec-validator" "$root/docs/openapi.json"

cp -r "$root/Samples" "$folder/"
mkdir "$folder/strategies"
cp "$root/strategies/breakout/ma20-breakout.yaml" "$root/strategies/reversion/rsi-bounce.yaml" "$folder/strategies/"
cat > "$folder/config.yaml" <<'YAML'
locale: en
timezone: UTC
watchlists: { index: [^IXIC, ^GSPC] }
sources: { sample: { type: csv, path: "Samples/*.csv" } }
collect: [{ source: sample, symbols: ["@index"], timeframe: 1d, exchange: XNYS }]
channels: { book: { type: file, path: told.jsonl } }
routes: [{ channels: [book] }]
schedule: [{ job: evaluate, every: 1h }]
api: { listen: "127.0.0.1:0", anonymous: none, rate: 10000, burst: 100000 }
YAML
(cd "$folder" && exec "$program" run) > "$folder/log" 2>&1 &
pid=$!
for _ in $(seq 200); do grep -q 'running;' "$folder/log" && break; sleep 0.1; done
address=$(sed -n 's/.*api: \(http[^ ]*\)$/\1/p' "$folder/log")
token=$(cd "$folder" && "$program" token create check --role admin --expires 1h 2>/dev/null)
echo "asking $address"

# /api/v1/events never ends by itself; a stop of the host is not asked for.
cd "$folder"  # where it leaves what it remembers
"$tools/schemathesis" run "$root/docs/openapi.json" --url "$address" -H "Authorization: Bearer $token" --checks all \
  --exclude-checks unsupported_method,positive_data_acceptance,ignored_auth,missing_required_header \
  --exclude-path /api/v1/events --max-examples "${EXAMPLES:-40}" --seed "${SEED:-20261123}" --no-color \
  --generation-database none --request-timeout 30 --suppress-health-check all > "$folder/schemathesis.log" || {
    tail -n "${LINES_SHOWN:-120}" "$folder/schemathesis.log"; tail -n 5 "$folder/log"; exit 1; }
tail -n 12 "$folder/schemathesis.log"
grep -c ' error: api:' "$folder/log" > "$folder/errors" || true
test "$(cat "$folder/errors")" = 0 || { grep ' error: api:' "$folder/log" | head; exit 1; }

promtool=${PROMTOOL:-promtool}
curl -s -H "Authorization: Bearer $token" "$address/metrics" > "$folder/metrics"
"$promtool" check metrics < "$folder/metrics"
test ! -f "$root/deploy/prometheus/alerts.yml" || "$promtool" check rules "$root/deploy/prometheus/alerts.yml"
echo "metrics: $(grep -c '^# TYPE' "$folder/metrics") of them, as Prometheus reads them"
