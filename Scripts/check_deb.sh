#!/bin/sh
# Whether a package can be installed, does what it is for, and goes again: check_deb.sh PACKAGE. It is unpacked and set up in
# a root of its own (fakeroot and dpkg --root), never in this machine's.
set -eu
package=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
root=$work/root

echo "== what it says of itself"
dpkg-deb --info "$package" | sed -n '/^ Package:/,$p'

echo "== in a root of its own"
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
: > "$root/var/lib/dpkg/status"
# Its dependencies are this machine's: they are looked up there, below.
fakeroot dpkg --root="$root" --force-not-root --force-depends --force-script-chrootless --unpack "$package" 2>&1 |
  grep -v -e '^dpkg: warning' -e '^ finstage depends on' -e '^  Package ' -e '^$' || true
# Files of the configuration take their names when a package is set up, which its script does for a machine alone.
find "$root/etc" -name '*.dpkg-new' | while read -r file; do mv "$file" "${file%.dpkg-new}"; done
for script in postinst prerm postrm; do sh -n "$root/var/lib/dpkg/info/finstage.$script"; done
program=$root/usr/bin/finstage
test "$("$program" --version)" = "$(dpkg-deb --field "$package" Version)"
"$program" validate --config "$root/etc/finstage/config.yaml"
"$program" test --config "$root/etc/finstage/config.yaml" | tail -n 1
for name in $(dpkg-deb --field "$package" Depends | tr ',' '\n' | sed 's/(.*//; s/|.*//'); do
  dpkg-query -W -f '${Status}\n' "$name" 2>/dev/null | grep -q 'ok installed' || echo "not here, apt would bring it: $name"
done
ldd "$program" | grep -q 'not found' && { ldd "$program"; exit 1; }

echo "== files"
dpkg-deb --contents "$package" | awk '{ print $1, $2, $6 }' | grep -v -e '/strategies/' -e '\.md$' | sed 's/^/  /'
test "$(dpkg-deb --contents "$package" | awk '$2 != "root/root"' | wc -l)" = 0
gzip -t "$root/usr/share/man/man1/finstage.1.gz"
if command -v man >/dev/null; then
  # Warnings of the formatter are faults of the page.
  faults=$(LC_ALL=C.UTF-8 MANROFFSEQ= MANWIDTH=100 man --warnings -l "$root/usr/share/man/man1/finstage.1.gz" 2>&1 >/dev/null)
  test -z "$faults" || { echo "$faults"; exit 1; }
fi
bash -n "$root/usr/share/bash-completion/completions/finstage"

echo "== the unit"
if command -v systemd-analyze >/dev/null; then
  # Its manual page is looked for where pages of this machine are.
  sed "s|/usr/bin/finstage|$program|; /^Documentation=/d" "$root/lib/systemd/system/finstage.service" > "$work/finstage.service"
  systemd-analyze verify "$work/finstage.service" 2>&1 | grep 'finstage.service' && exit 1
  systemd-analyze security --offline=true "$work/finstage.service" | tail -n 1
fi

if command -v lintian >/dev/null; then
  echo "== lintian"
  # A program with its language's runtime inside is what `make build` makes, and a crash shows the names of functions;
  # there is no debhelper here that would write the calls of systemctl.
  lintian --allow-root --fail-on error --suppress-tags \
    embedded-library,statically-linked-binary,unstripped-binary-or-object,maintainer-script-calls-systemctl,non-standard-dir-perm \
    "$package"
fi
