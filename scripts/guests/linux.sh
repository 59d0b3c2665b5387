#!/usr/bin/env bash
# Builds an unmodified Linux 6.1 for the bamboo board, its own device tree of that and an initial RAM disk with one program,
# from Debian's source package, into .cache/guests/linux; about five minutes of processor time. `linux.sh headers` makes
# the generated headers alone, for its assembly. Needs root only for apt.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
cache=$(realpath -m "$here/../../.cache/guests")
out=$cache/linux
guest=$(realpath "$here/../../test/guest/kernel")
headers=$cache/linux-headers
if [ "${1:-}" = headers ]; then [ -f "$headers/done" ] && exit 0; else [ -f "$out/done" ] && exit 0; fi
mkdir -p "$out"

packages=(linux-source-6.1 gcc-powerpc-linux-gnu bc bison flex libssl-dev libelf-dev device-tree-compiler cpio rsync)
dpkg --status "${packages[@]}" > /dev/null 2>&1 ||
  apt-get -o DPkg::Lock::Timeout=900 -qq install -y --no-install-recommends "${packages[@]}" > /dev/null
bash "$here/runtimes.sh"

if [ ! -d "$cache/src/linux" ]; then
  mkdir -p "$cache/src/linux.new"
  tar -xJf /usr/src/linux-source-6.1.tar.xz -C "$cache/src/linux.new" --strip-components=1
  mv "$cache/src/linux.new" "$cache/src/linux"
fi

export ARCH=powerpc CROSS_COMPILE=powerpc-linux-gnu-
if [ "${1:-}" = headers ]; then
  make -s -C "$cache/src/linux" "O=$headers" 44x/bamboo_defconfig
  nice -n 10 make -s -C "$cache/src/linux" "O=$headers" "-j${JOBS:-2}" prepare
  touch "$headers/done"
  exit
fi
build=$out/build
make -s -C "$cache/src/linux" "O=$build" 44x/bamboo_defconfig
# What neither board nor initial RAM disk can use.
without=(MODULES NET NETDEVICES NFS_FS NETWORK_FILESYSTEMS CRAMFS EXT2_FS SYSVIPC POSIX_MQUEUE THERMAL CONNECTOR
  BLK_DEV_RAM IO_URING AIO BPF_SYSCALL PERF_EVENTS COREDUMP MATH_EMULATION CRYPTO_CBC CRYPTO_ECB CRYPTO_PCBC CRYPTO_MD5
  CRYPTO_DES RD_BZIP2 RD_LZMA RD_XZ RD_LZO RD_LZ4 RD_ZSTD)
disable=()
for option in "${without[@]}"; do disable+=(-d "$option"); done
"$cache/src/linux/scripts/config" --file "$build/.config" "${disable[@]}" -e DEVTMPFS -e PRINTK_TIME \
  -e DEBUG_KERNEL -e DEBUG_INFO_DWARF4 -d DEBUG_INFO_NONE
make -s -C "$cache/src/linux" "O=$build" olddefconfig
nice -n 10 make -s -C "$cache/src/linux" "O=$build" "-j${JOBS:-2}" vmlinux
cp "$build/vmlinux" "$out/vmlinux"

dtc -q -I dts -O dtb -o "$out/board.dtb" "$cache/src/linux/arch/powerpc/boot/dts/bamboo.dts"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/dev" "$root/proc"
mknod "$root/dev/console" c 5 1
"$here/cc440" soft -O2 -o "$root/init" "$guest/init.c"
(cd "$root" && find . | cpio --quiet -o -H newc | gzip -9n > "$out/initramfs.cpio.gz")
rm -rf "$build"
touch "$out/done"
