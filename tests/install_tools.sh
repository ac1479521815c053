#!/bin/sh
# Installs what the tests need from the system, where it may: a Chromium (the system's, Debian's or
# Playwright's own), LibreOffice and GDAL's tools, which read our files as others will, nginx, and
# Node, which runs the public edition's engine without a browser. Beside the venv's own packages it
# installs the generators of clients for our API, which nothing else shares.
set -u
bin=$1

debian() {
    command -v apt-get >/dev/null || return 0
    root=""
    [ "$(id -u)" = 0 ] || root="sudo -n"
    $root apt-get update -q && $root apt-get install -q -y --no-install-recommends "$@"
}

missing=""
"$bin/python" -m tests.chromium >/dev/null 2>&1 || missing="chromium fonts-dejavu-core"
command -v firefox-esr >/dev/null || command -v firefox >/dev/null || missing="$missing firefox-esr"
command -v soffice >/dev/null || missing="$missing libreoffice-impress libreoffice-calc"
command -v ogrinfo >/dev/null || missing="$missing gdal-bin"
PATH=$PATH:/usr/sbin
command -v nginx >/dev/null || missing="$missing nginx-light"
command -v openssl >/dev/null || missing="$missing openssl"
command -v node >/dev/null || missing="$missing nodejs"
# Unquoted on purpose: a list of packages.
[ -z "$missing" ] || debian $missing

for tool in soffice ogrinfo nginx openssl node; do
    command -v $tool >/dev/null || echo "No $tool: its tests are skipped (Debian: apt install libreoffice-impress libreoffice-calc gdal-bin nginx-light openssl nodejs)."
done
# Into folders of their own, again when what is locked changes.
python=$bin/../clients
if ! cmp -s requirements-clients.txt "$python/installed.txt"; then
    "$bin/python" -m venv "$python" &&
        "$python/bin/pip" install --quiet --require-hashes -r requirements-clients.txt &&
        cp requirements-clients.txt "$python/installed.txt" ||
        echo "No generator of Python clients: its test is skipped."
fi
typescript=$bin/../typescript
if ! command -v npm >/dev/null; then
    echo "No npm: the test of the TypeScript client is skipped (it comes with Node's own packages)."
elif ! cmp -s tests/api/clients/package-lock.json "$typescript/installed.json"; then
    mkdir -p "$typescript" && cp tests/api/clients/package*.json "$typescript" &&
        (cd "$typescript" && npm ci --fetch-retries=1 --fetch-timeout=60000 --ignore-scripts --no-audit --no-fund --silent) &&
        cp tests/api/clients/package-lock.json "$typescript/installed.json" ||
        echo "No generator of TypeScript clients: its test is skipped."
fi

"$bin/python" -m tests.chromium >/dev/null 2>&1 && exit 0
"$bin/playwright" install chromium
"$bin/python" -m tests.chromium && exit 0

echo "No Chromium for the browser tests. Install it (Debian: apt install chromium) or set CHROMIUM to its path."
exit 1
