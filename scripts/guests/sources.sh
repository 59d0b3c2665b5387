#!/usr/bin/env bash
# Brings the sources that guest programs are built from into .cache/guests/src: parts of GCC 12 (libgcc, the c-torture
# test suite) and musl, both from Debian's source packages. Does nothing where they are. Needs root only for apt.
set -euo pipefail
cache=$(realpath -m "$(dirname "$0")/../../.cache/guests")
src=$cache/src
mkdir -p "$src"

gcc_tarball=/usr/src/gcc-12/gcc-12.2.0-dfsg.tar.xz
if [ ! -d "$src/gcc" ]; then
  [ -f "$gcc_tarball" ] || apt-get -o DPkg::Lock::Timeout=900 -qq install -y --no-install-recommends gcc-12-source > /dev/null
  mkdir -p "$src/gcc.new"
  tar -xJf "$gcc_tarball" -C "$src/gcc.new" --strip-components=1 --wildcards \
    '*/libgcc/*.c' '*/libgcc/*.h' '*/libgcc/soft-fp/*' '*/libgcc/config/rs6000/*' \
    '*/gcc/config/rs6000/*.h' '*/include/*.h' '*/gcc/testsuite/gcc.c-torture/execute/*'
  mv "$src/gcc.new" "$src/gcc"
fi

# musl has no package that holds its source; `apt-get source` takes it from the archive with lists of its own.
if [ "${1:-}" != torture ] && [ ! -d "$src/musl" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/parts" "$work/lists/partial"
  for list in /etc/apt/sources.list.d/*.sources; do
    sed 's/^Types:.*/Types: deb-src/' "$list" > "$work/parts/$(basename "$list")"
  done
  sed -n 's/^deb /deb-src /p' /etc/apt/sources.list > "$work/sources.list" 2> /dev/null || true
  options=(-qq -o "Dir::Etc::sourceparts=$work/parts" -o "Dir::Etc::sourcelist=$work/sources.list"
    -o "Dir::State::lists=$work/lists" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  (cd "$work" && apt-get "${options[@]}" source --download-only musl > /dev/null)
  mkdir -p "$src/musl.new"
  tar -xzf "$work"/musl_*.orig.tar.gz -C "$src/musl.new" --strip-components=1
  mv "$src/musl.new" "$src/musl"
fi
