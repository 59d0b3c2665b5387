#!/usr/bin/env bash
# programs.sh [NAME…]: builds programs of Debian's source packages, static, for the 440EP, as .cache/guests/programs/NAME.
# All together about five minutes of processor time. Needs root only for apt.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
cache=$(realpath -m "$here/../../.cache/guests")
src=$cache/src
out=$cache/programs
cc=powerpc-linux-gnu-gcc
flags=(-O2 -mcpu=440fp -static)
mkdir -p "$out"

# Runs in a directory of its own, which is gone afterwards.
configured() { # PACKAGE RESULT [options of configure]
  local package=$1 result=$2
  shift 2
  "$src/$package/configure" --host=powerpc-linux-gnu "CC=$cc" "CFLAGS=${flags[*]}" "$@"
  # What libtool calls static is not static enough.
  if [ -f libtool ]; then make -j2 LDFLAGS=-all-static; else make -j2; fi
  cp "$result" "$out/.new"
}

build() {
  case $1 in
    gawk) configured gawk gawk --disable-extensions --disable-nls --disable-mpfr --without-readline ;;
    gzip) configured gzip gzip ;;
    xz) configured xz-utils src/xz/xz --disable-shared --disable-nls --disable-doc --disable-scripts ;;
    sqlite3)
      "$src/sqlite3/configure" --host=powerpc-linux-gnu "CC=$cc" "CFLAGS=${flags[*]}" --disable-tcl --disable-readline --disable-shared
      make sqlite3.c shell.c
      "$cc" "${flags[@]}" -DSQLITE_THREADSAFE=1 -DSQLITE_ENABLE_FTS5 -DSQLITE_OMIT_LOAD_EXTENSION -I. shell.c sqlite3.c -lm -lpthread -o "$out/.new"
      ;;
    lua)
      "$cc" "${flags[@]}" -DLUA_USE_POSIX -I "$src/lua5.4/src" $(ls "$src"/lua5.4/src/*.c | grep -v /luac.c) -lm -o "$out/.new"
      ;;
    bzip2)
      (cd "$src/bzip2" && "$cc" "${flags[@]}" -D_FILE_OFFSET_BITS=64 \
        blocksort.c huffman.c crctable.c randtable.c compress.c decompress.c bzlib.c bzip2.c -o "$out/.new")
      ;;
    lz4)
      (cd "$src/lz4" && "$cc" "${flags[@]}" -Ilib lib/*.c programs/*.c -o "$out/.new")
      ;;
  esac
}

package() {
  case $1 in
    xz) echo xz-utils ;;
    lua) echo lua5.4 ;;
    *) echo "$1" ;;
  esac
}

for name in "${@:-gawk gzip xz bzip2 lz4 sqlite3 lua}"; do
  for each in $name; do
    [ -f "$out/$each" ] && continue
    bash "$here/sources.sh" "$(package "$each")"
    work=$(mktemp -d)
    (cd "$work" && build "$each") > "$out/$each.log" 2>&1 || { tail -20 "$out/$each.log"; exit 1; }
    mv "$out/.new" "$out/$each"
    rm -rf "$work" "$out/$each.log"
  done
done
