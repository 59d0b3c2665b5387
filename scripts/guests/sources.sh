#!/usr/bin/env bash
# sources.sh [torture|gdb|eh|libc-test|lua-tests|glibc|PACKAGE]: brings sources from Debian's source packages into .cache/guests/src. Guest programs are built
# from parts of GCC 12 (libgcc, the c-torture test suite) and from musl; `torture` wants GCC's alone, `eh` its tests of exceptions, and `gdb` only gdb's
# own test suite; a package that is named below only that. The tests of musl and of Lua are in no package: they come from
# where their authors have them. Does nothing where they are. Needs root only for apt.
set -euo pipefail
cache=$(realpath -m "$(dirname "$0")/../../.cache/guests")
src=$cache/src
mkdir -p "$src"

# Packages whose source is in no package: `apt-get source` takes it from the archive, with lists of its own.
from_archive() { # NAME [tar's options and what of it is wanted]
  local name=$1 work options
  shift
  [ ! -d "$src/$name" ] || return 0
  work=$(mktemp -d)
  mkdir -p "$work/parts" "$work/lists/partial"
  for list in /etc/apt/sources.list.d/*.sources; do
    sed 's/^Types:.*/Types: deb-src/' "$list" > "$work/parts/$(basename "$list")"
  done
  sed -n 's/^deb /deb-src /p' /etc/apt/sources.list > "$work/sources.list" 2> /dev/null || true
  options=(-qq -o "Dir::Etc::sourceparts=$work/parts" -o "Dir::Etc::sourcelist=$work/sources.list"
    -o "Dir::State::lists=$work/lists" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  (cd "$work" && apt-get "${options[@]}" source --download-only "$name" > /dev/null)
  rm -rf "$src/$name.new"
  mkdir -p "$src/$name.new"
  tar -xf "$work/$name"_*.orig.tar.*[2z] -C "$src/$name.new" --strip-components=1 "$@"
  mv "$src/$name.new" "$src/$name"
  rm -rf "$work"
}

if [ "${1:-}" = gdb ]; then
  from_archive gdb --wildcards '*/gdb/testsuite/*'
  exit
fi

# What is in no package of Debian.
from_git() { # NAME ADDRESS COMMIT
  [ ! -d "$src/$1" ] || return 0
  rm -rf "$src/$1.new"
  git clone -q "$2" "$src/$1.new"
  git -C "$src/$1.new" checkout -q "$3"
  mv "$src/$1.new" "$src/$1"
}

case ${1:-} in
  libc-test)
    bash "$(dirname "$0")/runtimes.sh"
    from_git libc-test https://repo.or.cz/libc-test.git a51df71
    exit
    ;;
  lua-tests)
    bash "$(dirname "$0")/programs.sh" lua
    from_git lua-tests https://github.com/lua/lua v5.4.4
    exit
    ;;
  # What its PowerPC assembly is, and what that includes.
  glibc)
    from_archive glibc --wildcards '*.h' '*/sysdeps/*.S'
    exit
    ;;
  busybox | gawk | lua5.4 | sqlite3 | xz-utils | bzip2 | gzip | lz4)
    from_archive "$1"
    exit
    ;;
esac

gcc_tarball=/usr/src/gcc-12/gcc-12.2.0-dfsg.tar.xz
if [ "${1:-}" = eh ]; then
  [ ! -d "$src/gcc-eh" ] || exit 0
  [ -f "$gcc_tarball" ] || apt-get -o DPkg::Lock::Timeout=900 -qq install -y --no-install-recommends gcc-12-source > /dev/null
  mkdir -p "$src/gcc-eh.new"
  tar -xJf "$gcc_tarball" -C "$src/gcc-eh.new" --strip-components=1 --wildcards '*/gcc/testsuite/g++.dg/eh/*'
  mv "$src/gcc-eh.new" "$src/gcc-eh"
  exit
fi
if [ ! -d "$src/gcc" ]; then
  [ -f "$gcc_tarball" ] || apt-get -o DPkg::Lock::Timeout=900 -qq install -y --no-install-recommends gcc-12-source > /dev/null
  mkdir -p "$src/gcc.new"
  tar -xJf "$gcc_tarball" -C "$src/gcc.new" --strip-components=1 --wildcards \
    '*/libgcc/*.c' '*/libgcc/*.h' '*/libgcc/soft-fp/*' '*/libgcc/config/rs6000/*' \
    '*/gcc/config/rs6000/*.h' '*/include/*.h' '*/gcc/testsuite/gcc.c-torture/execute/*'
  mv "$src/gcc.new" "$src/gcc"
fi
[ "${1:-}" = torture ] || from_archive musl
