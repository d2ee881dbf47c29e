#!/usr/bin/env bash
# Mutation testing of src/Protocol by its own suite: changes the code in small ways and tells which changes no test notices (docs/MUTATION.md).
# Usage: tools/mutation.sh [GLOB...]     (files under src/Protocol, e.g. 'Rpc*.cs' 'Messages/MemParcels/*.cs'; none: framing and bounds)
# Slow: two to three seconds per mutant. The report goes to StrykerOutput/reports. Not part of the gate.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1:-}" in -h | --help) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;; esac

globs=("$@")
((${#globs[@]})) || globs=(
  Rpc{Header,Packet,PacketWriter,Reply,Limits}.cs Fragmenter.cs Reassembler.cs ReassemblyRules.cs SequenceIdAllocator.cs
  PayloadReader.cs PayloadWriter.cs Messages/{WireBytes,WireList,Wire}.cs)
# Texts for people are judged by examples, not by mutants.
mutate=(--mutate '!**/Catalogue/**' --mutate '!**/MessageText.cs')
for glob in "${globs[@]}"; do mutate+=(--mutate "**/$glob"); done

# The judge is the suite; what analyzers think of the code does not matter here.
export RunAnalyzers=false DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet tool restore >/dev/null
out="$PWD/StrykerOutput"
cd tests/Protocol.Tests
# A score of 0 means that no test ran.
exec dotnet stryker "${mutate[@]}" --break-at 1 --output "$out"
