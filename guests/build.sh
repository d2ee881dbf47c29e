#!/bin/sh
# Builds the guests with binutils for AArch64 (Debian: binutils-aarch64-linux-gnu). Writes beside the sources, or into
# the directory given: name.bin, and hello.elf.
set -eu
cd "$(dirname "$0")"
tools=${CROSS:-aarch64-linux-gnu-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for guest in hello spin wfi crash; do
  out=${1:-$guest}
  script=$guest/$guest.ld
  [ -f "$script" ] || script=flat.ld
  "${tools}as" -march=armv8-a -o "$work/$guest.o" "$guest/$guest.S"
  "${tools}ld" -n -s --build-id=none -T "$script" -o "$work/$guest.elf" "$work/$guest.o"
  "${tools}objcopy" -O binary "$work/$guest.elf" "$out/$guest.bin"
  chmod 644 "$out/$guest.bin"
done
cp "$work/hello.elf" "${1:-hello}/hello.elf"
chmod 644 "${1:-hello}/hello.elf"
