#!/usr/bin/env bash
# Runs everything that must pass: format, build without warnings, every test project.
# Installs what is missing first (Debian packages: chromium, postgresql). Ends with `N passed, N failed, N skipped`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Many hosts in one process would use up the machine's file watchers.
export DOTNET_HOSTBUILDER__RELOADCONFIGONCHANGE=false

install_missing() {
  local wanted=()
  command -v chromium >/dev/null || wanted+=(chromium)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || wanted+=(postgresql)
  [ "${#wanted[@]}" -eq 0 ] && return
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  if ! command -v apt-get >/dev/null; then
    echo "Missing: ${wanted[*]} - and this system has no apt-get. Install them; their tests are skipped until then."
    return
  fi
  echo "Installing ${wanted[*]}"
  "${sudo[@]}" apt-get update -q
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${wanted[@]}"
}

install_missing
dotnet tool restore
dotnet csharpier check .
dotnet build ChatAi.sln -c Release -v quiet

mkdir -p artifacts
log=artifacts/tests.log
: >"$log"
status=0
for project in tests/*.Tests; do
  echo "== ${project#tests/}"
  # The names of passing tests go to the log alone; skips come with their reasons.
  set +e
  dotnet test "$project" -c Release --no-build --logger 'console;verbosity=normal' 2>&1 |
    tee -a "$log" | sed -E '/\[SKIP\]$/{N;s/^\[[^]]*\] +(\S+) \[SKIP\]\n\[[^]]*\] +/  Skips \1: /}' |
    grep -vE '^\s+Passed \S|^\[|^(Cause:|   at )|^Test run for|^VSTest|^Starting test|^A total of|^$' |
    # What hosts and drivers under test print is in the log.
    grep -vE '^(info: |      \S| ---> |DETAIL: |  Exception data:|    \S|   --- End of inner)|^    (Severity|SqlState)'
  code=${PIPESTATUS[0]}
  set -e
  [ "$code" -eq 0 ] || status=1
done

count() { sed -nE "s/^ *$1: ([0-9]+).*/\1/p" "$log" | awk '{ sum += $1 } END { print sum + 0 }'; }
passed=$(count Passed) failed=$(count Failed) skipped=$(count Skipped)
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
  echo "A test project ended without a result."
  failed=1
fi
# Once more at the end, where they are found: what failed and what it said.
if [ "$failed" -gt 0 ]; then
  echo "== Failed (everything: $log)"
  grep -E -A 12 '^  Failed \S' "$log" | cut -c1-300 || true
fi
if [ "$passed" -eq 0 ] || [ "$failed" -gt 0 ]; then status=1; fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
