#!/bin/sh
# What is under deploy/, without an engine for containers: check.sh PROGRAM VENV
# hadolint, kubernetes-validate, yamllint and check-jsonschema come from VENV.
set -eu
program=$(realpath "$1")
tools=$(realpath "$2")/bin
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"

if [ -x "$tools/hadolint" ]; then
  "$tools/hadolint" --failure-threshold warning deploy/docker/Dockerfile
  echo "deploy/docker/Dockerfile: hadolint finds nothing"
else
  echo "deploy/docker/Dockerfile: not looked at, hadolint is not to be had here"
fi
"$tools/python" Tests/Packaging/manifests_valid.py "$program" deploy/kubernetes/finstage.yaml
"$tools/check-jsonschema" --builtin-schema vendor.compose-spec deploy/docker/compose.yaml

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
mkdir "$folder/strategies"
cp strategies/breakout/ma20-breakout.yaml "$folder/strategies/"
cp deploy/debian/config.yaml "$folder/"
"$program" validate --config "$folder/config.yaml"

# The proxy's configuration, with a certificate of a day.
if command -v nginx >/dev/null && command -v openssl >/dev/null; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=finstage.example.org \
    -keyout "$folder/privkey.pem" -out "$folder/fullchain.pem" 2>/dev/null
  sed "s|/etc/nginx/tls|$folder|" deploy/nginx/finstage.conf > "$folder/site.conf"
  printf 'pid %s/pid; error_log stderr; events {} http { access_log off; include %s/site.conf; }\n' \
    "$folder" "$folder" > "$folder/nginx.conf"
  nginx -t -c "$folder/nginx.conf" 2>&1 | grep -v 'syntax is ok'
fi
