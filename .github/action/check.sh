#!/usr/bin/env bash
# Run archlint once with every output that the inputs ask for, then set the step's outputs.
set -uo pipefail

json="${RUNNER_TEMP:?}/archlint.json"
summary="$RUNNER_TEMP/archlint.md"
mkdir -p -m 700 "${ARCHLINT_CACHE_DIR:?}"
# An earlier step of the same job may have left its own.
rm -f "$json" "$summary" ${INPUT_SARIF:+"$INPUT_SARIF"}

command=(archlint check "${INPUT_SRC:-.}" --fail-on "${INPUT_FAIL_ON:-error}" --output "json:$json")
if [[ "${INPUT_ANNOTATIONS:-true}" == true ]]; then
  command+=(--output github)
else
  command+=(--output text)
fi
if [[ "${INPUT_SUMMARY:-true}" == true ]]; then
  command+=(--output "markdown:$summary")
fi
if [[ -n "${INPUT_SARIF:-}" ]]; then
  command+=(--output "sarif:$INPUT_SARIF")
fi

case "${INPUT_SINCE:-auto}" in
  none) ;;
  auto)
    if [[ -n "${BASE_SHA:-}" ]]; then
      command+=(--since "$BASE_SHA" --verdicts)
    fi
    ;;
  *) command+=(--since "$INPUT_SINCE" --verdicts) ;;
esac

while IFS= read -r argument; do
  if [[ -n "$argument" ]]; then
    command+=("$argument")
  fi
done <<<"${INPUT_ARGS:-}"

"${command[@]}"
code=$?

if [[ -s "$summary" ]]; then
  cat "$summary" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
fi
{
  echo "exit-code=$code"
  if [[ -s "$json" ]]; then
    echo "json=$json"
    python - "$json" <<'PYTHON'
import json
import sys

with open(sys.argv[1], encoding="utf-8") as stream:
    counts = json.load(stream)["summary"]
for name, key in (("errors", "error"), ("warnings", "warning"), ("notes", "note"), ("fixed", "fixed")):
    print(f"{name}={int(counts[key])}")
PYTHON
  fi
  if [[ -n "${INPUT_SARIF:-}" && -f "${INPUT_SARIF:-}" ]]; then
    echo "sarif=$INPUT_SARIF"
  fi
} >>"${GITHUB_OUTPUT:?}"
exit "$code"
