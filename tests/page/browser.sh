#!/bin/sh
# Bring what the tests of pages need: Debian's Chromium and a sans face with Arabic, its driver, and what npm has.
# Nothing here is needed to run Parley; CI calls it, and whoever wants to take the screenshots.
set -eu
cd "$(dirname "$0")/../.."

if [ ! -x /usr/bin/chromium ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >/dev/null
fi
[ -x .venv/bin/python ] || ./parley --help >/dev/null
uv=$(command -v uv || echo .venv/bin/uv)
VIRTUAL_ENV="$PWD/.venv" "$uv" pip install --quiet --require-hashes -r tests/page/requirements.lock
.venv/bin/python -m tests.page.npm_packages
