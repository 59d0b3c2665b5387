#!/usr/bin/env bash
# Builds what Debian's cross compiler lacks for the 440: a C library (musl) and a libgcc, for soft and for hard float,
# into .cache/guests/soft and .cache/guests/hard. Debian's own libgcc and glibc are hard-float only, and its libgcc's
# soft-float routines are floating-point instructions. `cc440 soft|hard ARGS` then makes static Linux programs.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
cache=$(realpath -m "$here/../../.cache/guests")
prefix=powerpc-linux-gnu-
bash "$here/sources.sh"

# long double is double: musl has no IBM double-double.
common=(-mlong-double-64 -mno-gnu-attribute)
declare -A cpu=([soft]='-mcpu=440 -msoft-float' [hard]='-mcpu=440fp -mhard-float')

# Pieces of libgcc2.c by the macro that selects each.
integer=(muldi3 negdi2 lshrdi3 ashldi3 ashrdi3 cmpdi2 ucmpdi2 clear_cache divdi3 moddi3 divmoddi4 udivdi3 umoddi3
  udivmoddi4 absvsi2 absvdi2 addvsi3 addvdi3 subvsi3 subvdi3 mulvsi3 mulvdi3 negvsi2 negvdi2 ffssi2 ffsdi2 clz clzsi2
  clzdi2 ctzsi2 ctzdi2 popcount_tab popcountsi2 popcountdi2 paritysi2 paritydi2 bswapsi2 bswapdi2 clrsbsi2 clrsbdi2)
complex=(powisf2 powidf2 mulsc3 muldc3 divsc3 divdc3)
conversions=(fixunssfsi fixunsdfsi fixunssfdi fixunsdfdi fixsfdi fixdfdi floatdisf floatdidf floatundisf floatundidf)
# Files of soft-fp.
soft_fp=({add,sub,mul,div,eq,ge,le,unord}{sf,df}{3,2} neg{sf,df}2 extendsfdf2 truncdfsf2
  fix{,uns}{sf,df}{si,di} float{,un}{si,di}{sf,df})

headers() { # The generated headers libgcc2.c expects, as far as it needs them.
  mkdir -p "$1"
  echo '#define HAVE_CC_TLS 1' > "$1/tconfig.h"
  cat > "$1/tsystem.h" << 'H'
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
void abort(void) __attribute__((noreturn));
void *memcpy(void *, const void *, size_t);
void *memset(void *, int, size_t);
#define gcc_assert(x) ((void)(x))
#define gcc_unreachable() __builtin_unreachable()
#define ATTRIBUTE_UNUSED __attribute__((unused))
H
  cat > "$1/tm.h" << 'H'
#define TARGET_PPC 1
#define BITS_PER_UNIT 8
#define W_TYPE_SIZE 32
#define UNITS_PER_WORD 4
#define MIN_UNITS_PER_WORD 4
#define LIBGCC2_UNITS_PER_WORD 4
#define LONG_LONG_TYPE_SIZE 64
#define LIBGCC2_LONG_DOUBLE_TYPE_SIZE 64
#define LIBGCC2_HAS_SF_MODE 1
#define LIBGCC2_HAS_DF_MODE 1
#define BYTES_BIG_ENDIAN 1
#define WORDS_BIG_ENDIAN 1
#define FLOAT_WORDS_BIG_ENDIAN 1
H
  touch "$1/coretypes.h" "$1/libgcc_tm.h" "$1/auto-target.h"
}

libgcc() { # soft|hard
  local gcc=$cache/src/gcc build=$cache/$1/libgcc f
  mkdir -p "$build"
  headers "$build/include"
  local cc=("${prefix}gcc" -O2 ${cpu[$1]} "${common[@]}" -fno-pic -fno-pie -ffreestanding -w -c
    -DIN_GCC -DIN_LIBGCC2 -fbuilding-libgcc "-I$build/include" "-I$gcc/gcc/config/rs6000" "-I$gcc/libgcc"
    "-I$gcc/libgcc/soft-fp" "-I$gcc/libgcc/config/rs6000" "-I$gcc/include")
  local pieces=("${integer[@]}" "${complex[@]}")
  [ "$1" = soft ] || pieces+=("${conversions[@]}")
  for f in "${pieces[@]}"; do "${cc[@]}" "-DL_$f" "$gcc/libgcc/libgcc2.c" -o "$build/$f.o"; done
  if [ "$1" = soft ]; then
    for f in "${soft_fp[@]}"; do
      # The brace patterns also name some that do not exist, such as addsf2.
      [ ! -f "$gcc/libgcc/soft-fp/$f.c" ] || "${cc[@]}" "$gcc/libgcc/soft-fp/$f.c" -o "$build/$f.o"
    done
  fi
  rm -f "$cache/$1/libgcc440.a"
  "${prefix}ar" rcs "$cache/$1/libgcc440.a" "$build"/*.o
}

musl() { # soft|hard
  local build=$cache/$1/musl
  mkdir -p "$build"
  (
    cd "$build"
    "$cache/src/musl/configure" --target=powerpc-linux-musl --disable-shared "--prefix=$cache/$1/sysroot" \
      "CROSS_COMPILE=$prefix" "CC=${prefix}gcc ${cpu[$1]} ${common[*]}" 'CFLAGS=-O2 -fno-pie' \
      "LIBCC=$cache/$1/libgcc440.a" > configure.log 2>&1
    nice -n 10 make -j2 > make.log 2>&1
    make install > install.log 2>&1
  )
}

for kind in soft hard; do
  [ -f "$cache/$kind/done" ] && continue
  libgcc $kind
  musl $kind
  touch "$cache/$kind/done"
done
