#!/bin/sh
# Makes sure a Chromium is there for the tests: the system's, Debian's package, or Playwright's own.
set -u
bin=$1

"$bin/python" -m tests.chromium >/dev/null 2>&1 && exit 0

if command -v apt-get >/dev/null; then
    root=""
    [ "$(id -u)" = 0 ] || root="sudo -n"
    $root apt-get update -q && $root apt-get install -q -y --no-install-recommends chromium fonts-dejavu-core
fi
"$bin/python" -m tests.chromium >/dev/null 2>&1 && exit 0

"$bin/playwright" install chromium
"$bin/python" -m tests.chromium && exit 0

echo "No Chromium for the browser tests. Install it (Debian: apt install chromium) or set CHROMIUM to its path."
exit 1
