#!/bin/sh
# Installs what the browser tests need from the operating system: Chromium, and a font that sets Vietnamese
# well. Does nothing where Chromium is there, and only says what to install where this is not root on a
# Debian-like system. It always ends well: the tests themselves name what cannot run, and fail with CI=true.
set -u

for browser in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable /usr/bin/chromium; do
    found=$(command -v "${browser:-none}" 2>/dev/null)
    if [ -n "$found" ] && [ -x "$found" ]; then
        echo "Chromium for the browser tests: $found"
        exit 0
    fi
done

packages="chromium chromium-driver fonts-dejavu-core fonts-noto-core"

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the browser tests: $packages"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # the list is meant to be split
    if apt-get -q -o DPkg::Lock::Timeout=300 update &&
        apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $packages; then
        exit 0
    fi
    echo "apt-get could not install them; the tests that need a browser cannot run here." >&2
    exit 0
fi

cat >&2 <<END
No Chromium found; the tests that need a browser cannot run here. To run them, install it as root:
    apt-get update && apt-get install --no-install-recommends $packages
or set CHROMIUM to the path of a Chromium or Chrome.
END
exit 0
