#!/usr/bin/env bash
# bamboo.sh 6.1|6.12: builds that Linux for the bamboo board with its configuration as it is (arch/powerpc/configs/44x/
# bamboo_defconfig), with debug information, from Debian's source package, as .cache/guests/linux-VERSION: vmlinux, the
# board's device tree, a module of our own, and an initial RAM disk with BusyBox, that module and test/guest/kernel/
# console.sh. About ten minutes of processor time. Needs root for apt and the console's node.
set -euo pipefail
version=$1
here=$(realpath "$(dirname "$0")")
cache=$(realpath -m "$here/../../.cache/guests")
out=$cache/linux-$version
src=$cache/src/linux-$version
# What linux.sh unpacks.
[ "$version" != 6.1 ] || src=$cache/src/linux
guest=$(realpath "$here/../../test/guest/kernel")
[ ! -f "$out/done" ] || exit 0
mkdir -p "$out/modules"
bash "$here/busybox.sh"

if [ ! -d "$src" ]; then
  packages=("linux-source-$version" gcc-powerpc-linux-gnu bc bison flex libssl-dev libelf-dev device-tree-compiler)
  dpkg --status "${packages[@]}" > /dev/null 2>&1 ||
    apt-get -o DPkg::Lock::Timeout=900 -qq install -y --no-install-recommends "${packages[@]}" > /dev/null
  mkdir -p "$src.new"
  tar -xJf "/usr/src/linux-source-$version.tar.xz" -C "$src.new" --strip-components=1
  mv "$src.new" "$src"
fi

export ARCH=powerpc CROSS_COMPILE=powerpc-linux-gnu-
build=$out/build
# Debug information changes neither the configuration nor a byte of the code.
make=(nice -n 10 make -s "O=$build" KCFLAGS=-g KAFLAGS=-g "-j${JOBS:-2}")
make -s -C "$src" "O=$build" 44x/bamboo_defconfig
"${make[@]}" -C "$src" vmlinux modules
cp "$build/vmlinux" "$build/.config" "$out/"
dtc -q -I dts -O dtb -o "$out/board.dtb" "$src/arch/powerpc/boot/dts/bamboo.dts"
cp -r "$guest/module" "$build/ours"
"${make[@]}" -C "$src" "M=$build/ours" modules
cp "$build"/ours/*.ko "$out/modules/"
rm -rf "$build"

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/modules"
mknod "$root/dev/console" c 5 1
mknod "$root/dev/ttyS0" c 4 64
mknod "$root/dev/null" c 1 3
cp "$cache/busybox/busybox" "$root/bin/"
ln -s busybox "$root/bin/sh"
cp "$out"/modules/*.ko "$root/modules/"
install -m 755 "$guest/console.sh" "$root/init"
(cd "$root" && find . | cpio --quiet -o -H newc | gzip -9n > "$out/console.cpio.gz")
touch "$out/done"
