#!/bin/sh
# A Debian package of a program that was built: deb.sh PROGRAM FOLDER. Its name is the last line of what this prints.
# Dependencies are those of the libraries that the program is linked with (dpkg-shlibdeps), and those that it loads itself.
set -eu
program=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
root=$(cd "$(dirname "$0")/.." && pwd)
version=$("$program" --version)
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
tree=$work/finstage
put() { install -D -m "$1" "$2" "$tree/$3"; }

put 0755 "$program" usr/bin/finstage
# What a crash says needs the names of functions; lines of the source it does not.
strip --strip-debug "$tree/usr/bin/finstage"
# Folders of the machine that built it are nobody's business, and not to be trusted elsewhere.
if objdump -p "$tree/usr/bin/finstage" | grep -q -e RUNPATH -e RPATH; then chrpath --delete "$tree/usr/bin/finstage" >/dev/null; fi

mkdir -p "$work/made"
"$program" --generate-completion-script bash > "$work/made/bash"
"$program" --generate-completion-script zsh > "$work/made/zsh"
"$program" --generate-completion-script fish > "$work/made/fish"
put 0644 "$work/made/bash" usr/share/bash-completion/completions/finstage
put 0644 "$work/made/zsh" usr/share/zsh/vendor-completions/_finstage
put 0644 "$work/made/fish" usr/share/fish/vendor_completions.d/finstage.fish
put 0644 "$root/docs/finstage.1" usr/share/man/man1/finstage.1
gzip -9n "$tree/usr/share/man/man1/finstage.1"

sed 's|/usr/local/bin/finstage|/usr/bin/finstage|' "$root/deploy/finstage.service" > "$work/made/service"
put 0644 "$work/made/service" lib/systemd/system/finstage.service
put 0644 "$root/deploy/debian/config.yaml" etc/finstage/config.yaml
install -d -m 0700 "$tree/etc/finstage/credentials"
for name in breakout/ma20-breakout reversion/rsi-bounce; do
  put 0644 "$root/strategies/$name.yaml" "etc/finstage/strategies/${name##*/}.yaml"
done
find "$root/strategies" "$root/config.schema.json" -type f | while read -r file; do
  put 0644 "$file" "usr/share/finstage/${file#"$root"/}"
done

doc=usr/share/doc/finstage
put 0644 "$root/deploy/debian/copyright" $doc/copyright
date=$(git -C "$root" log -1 --format=%cD)
printf 'finstage (%s) stable; urgency=medium\n\n  * CHANGELOG.md says what has changed.\n\n -- %s  %s\n' \
  "$version" 'Finstage <finstage@example.org>' "$date" > "$work/made/changelog"
put 0644 "$work/made/changelog" $doc/changelog
gzip -9n "$tree/$doc/changelog"
put 0644 "$root/CHANGELOG.md" $doc/CHANGELOG.md
for page in "$root"/docs/*.md "$root"/SECURITY.md; do put 0644 "$page" "$doc/${page##*/}"; done
for file in prometheus/alerts.yml grafana/finstage.json nginx/finstage.conf; do
  put 0644 "$root/deploy/$file" "$doc/examples/$file"
done
if [ -f "$root/.build/sbom.cdx.json" ]; then put 0644 "$root/.build/sbom.cdx.json" $doc/sbom.cdx.json; fi

# dpkg-shlibdeps wants to stand beside a source package.
mkdir -p "$work/source/debian"
printf 'Source: finstage\n\nPackage: finstage\nArchitecture: any\n' > "$work/source/debian/control"
linked=$(cd "$work/source" && dpkg-shlibdeps -O "$tree/usr/bin/finstage" 2>"$work/shlibdeps" |
  sed -n 's/^shlibs:Depends=//p') || { cat "$work/shlibdeps" >&2; exit 1; }
test -n "$linked"

mkdir "$tree/DEBIAN"
cat > "$tree/DEBIAN/control" <<CONTROL
Package: finstage
Version: $version
Architecture: $architecture
Maintainer: Finstage <finstage@example.org>
Section: misc
Priority: optional
Installed-Size: $(du -k -s --exclude=DEBIAN "$tree" | cut -f 1)
Depends: $linked, libcurl4, libssl3, ca-certificates, tzdata, adduser
Recommends: fonts-noto-cjk
Suggests: nginx, prometheus
Description: self-hosted strategy host
 Strategies in YAML, checked, tested and backtested against simply
 holding; evaluated live as their bars close; signals told over Telegram,
 mail, webhooks and others.
 .
 The service is not started by itself. Look at its configuration,
 /etc/finstage/config.yaml, then: systemctl enable --now finstage.
CONTROL
(cd "$tree" && find etc -type f -printf '/%p\n' | LC_ALL=C sort) > "$tree/DEBIAN/conffiles"
(cd "$tree" && find . -type f ! -path './DEBIAN/*' -printf '%P\n' | LC_ALL=C sort | xargs md5sum) > "$tree/DEBIAN/md5sums"
for script in postinst prerm postrm; do install -m 0755 "$root/deploy/debian/$script" "$tree/DEBIAN/$script"; done
# The same program gives the same bytes.
find "$tree" -newermt "@${SOURCE_DATE_EPOCH:=$(git -C "$root" log -1 --format=%ct)}" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
export SOURCE_DATE_EPOCH
chmod -R go-w "$tree"
dpkg-deb --root-owner-group --build "$tree" "$out/finstage_${version}_$architecture.deb" >/dev/null
echo "$out/finstage_${version}_$architecture.deb"
