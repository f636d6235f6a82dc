#!/usr/bin/env bash
# Install archlint into an environment of its own. VERSION: exact, a range, or empty for SOURCE.
set -euo pipefail

venv="${RUNNER_TEMP:?}/archlint-venv"
python -m venv "$venv"
case "${VERSION:-}" in
  "") package="${SOURCE:?}" ;;
  [0-9]*) package="archlint==$VERSION" ;;
  [\<\>=~!]*) package="archlint$VERSION" ;;
  *)
    echo "archlint: not a version: $VERSION" >&2
    exit 2
    ;;
esac
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$package"
echo "$venv/bin" >>"${GITHUB_PATH:?}"
