#!/usr/bin/env bash
# Builds BusyBox, static, for the 440EP, from Debian's source package, as .cache/guests/busybox/busybox. About three
# minutes of processor time. Needs root only for apt.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
cache=$(realpath -m "$here/../../.cache/guests")
out=$cache/busybox
[ -f "$out/busybox" ] && exit 0
mkdir -p "$out/build"
bash "$here/sources.sh" busybox

cross=(ARCH=powerpc CROSS_COMPILE=powerpc-linux-gnu-)
make -s -C "$cache/src/busybox" "O=$out/build" "${cross[@]}" defconfig > /dev/null
# What has no use without a network, a console or a module to load, or does not build with today's headers.
sed -i -E 's/^# CONFIG_STATIC is not set/CONFIG_STATIC=y/; s/^(CONFIG_(TC|FEATURE_HAVE_RPC|FEATURE_INETD_RPC|FEATURE_UTMP|FEATURE_WTMP))=y/# \1 is not set/
  s/^CONFIG_EXTRA_CFLAGS=.*/CONFIG_EXTRA_CFLAGS="-mcpu=440fp"/' "$out/build/.config"
yes '' | make -s -C "$cache/src/busybox" "O=$out/build" "${cross[@]}" oldconfig > /dev/null 2>&1 || true
nice -n 10 make -s -C "$out/build" "${cross[@]}" "-j${JOBS:-2}" busybox > "$out/log" 2>&1 || { tail -20 "$out/log"; exit 1; }
cp "$out/build/busybox" "$out/busybox"
rm -rf "$out/build"
