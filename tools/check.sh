#!/usr/bin/env bash
# The gate: installs what the tests need, builds with warnings as errors, checks formatting, runs every suite.
# Usage: tools/check.sh [--offline] [--no-format] [SUITE...]     (SUITE as in tests/SUITE.Tests, e.g. Protocol)
#   --offline    install nothing; a judge that is missing fails the tests that need it
# Needs the .NET 10 SDK and git; everything else comes from Debian's packages. Ends with "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.."

offline=0 format=1 suites=()
for arg in "$@"; do
  case "$arg" in
    --offline) offline=1 ;;
    --no-format) format=0 ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "check.sh: unknown option $arg: see --help" >&2; exit 2 ;;
    *) suites+=("$arg") ;;
  esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
command -v dotnet >/dev/null || { echo "check.sh: no dotnet on PATH: install the .NET 10 SDK" >&2; exit 2; }

# program:package pairs of the judges
judges=(dtc:device-tree-compiler aarch64-linux-gnu-as:binutils-aarch64-linux-gnu qemu-aarch64:qemu-user qemu-system-aarch64:qemu-system-arm tshark:tshark node:nodejs npm:npm gcc:gcc)
missing=()
for judge in "${judges[@]}"; do command -v "${judge%%:*}" >/dev/null || missing+=("${judge##*:}"); done
# gcc only recommends the headers of its library.
[[ -e /usr/include/stdio.h ]] || missing+=(libc6-dev)
if ((${#missing[@]})); then
  if ((offline)); then
    echo "== offline: not installed: ${missing[*]}; the tests that need them will fail"
  else
    began=$SECONDS
    sudo=$([[ $(id -u) = 0 ]] || echo sudo)
    echo "== installing ${missing[*]}"
    { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/tmp/rmstack-apt.$$ 2>&1 ||
      { tail -5 /tmp/rmstack-apt.$$; echo "check.sh: could not install ${missing[*]}: install them by hand or use --offline" >&2; rm -f /tmp/rmstack-apt.$$; exit 2; }
    rm -f /tmp/rmstack-apt.$$
    echo "   took $((SECONDS - began)) s"
  fi
fi

step() { # name, command...
  local name=$1 began=$SECONDS
  shift
  echo "== $name"
  "$@" || { echo "check.sh: $name failed" >&2; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
  echo "   took $((SECONDS - began)) s"
}
quiet=(--nologo -v quiet)
step restore dotnet restore rm-stack.sln --locked-mode "${quiet[@]}"
step build dotnet build rm-stack.sln -c Release --no-restore "${quiet[@]}" -clp:NoSummary
((format)) && step format dotnet format rm-stack.sln --no-restore --verify-no-changes --severity warn

if ((${#suites[@]} == 0)); then
  for project in tests/*.Tests; do suites+=("$(basename "$project" .Tests)"); done
fi
passed=0 failed=0 skipped=0 broken=0
printf '== suites\n'
for suite in "${suites[@]}"; do
  began=$SECONDS
  out=$(dotnet test "tests/$suite.Tests" -c Release --no-build "${quiet[@]}" 2>&1)
  status=$?
  line=$(grep -E '(Passed|Failed)! +- Failed:' <<<"$out" | tail -1)
  read -r f p s < <(sed -nE 's/.*Failed: *([0-9]+), Passed: *([0-9]+), Skipped: *([0-9]+).*/\1 \2 \3/p' <<<"$line")
  if [[ -z "${p:-}" ]]; then
    broken=$((broken + 1)) p=0 f=0 s=0
    [[ $status = 0 ]] && echo "$suite ran no test"
  fi
  if ((status)) || [[ -z "$line" ]]; then echo "$out"; fi
  printf '   %-18s %5d passed %3d failed %3d skipped   %4d s\n' "$suite" "$p" "$f" "$s" $((SECONDS - began))
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  ((status && f == 0 && p > 0)) && broken=$((broken + 1))
  unset p f s
done
failed=$((failed + broken))
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
