#!/usr/bin/env bash
# Installs on Debian 12 what some of the tests want beyond Node: a cross compiler and GNU's tools to compare with, QEMU,
# gdb, a browser. Then a VS Code to run in it, and a BusyBox for the 440, which takes two minutes to build. To be run as
# root; does nothing where all is there.
set -euo pipefail

packages=(
  gcc-powerpc-linux-gnu g++-powerpc-linux-gnu binutils-powerpc-linux-gnu libc6-dev-powerpc-cross make
  gdb-multiarch qemu-system-ppc qemu-user device-tree-compiler strace clang-14 llvm-14 gcc-12-source xz-utils
  chromium fonts-dejavu-core
)
if ! dpkg --status "${packages[@]}" > /dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get -o DPkg::Lock::Timeout=600 -qq update
  apt-get -o DPkg::Lock::Timeout=600 -qq install -y --no-install-recommends "${packages[@]}" > /dev/null
fi
bash "$(dirname "$0")/setup-vscode.sh"
bash "$(dirname "$0")/guests/busybox.sh" || echo "BusyBox could not be built: its tests are skipped"
