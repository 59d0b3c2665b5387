// Kinds of values C has beside integers, pointers and structures of them: complex numbers, vectors, wide characters,
// members without a name, arrays without a length.
#include "shapes.h"

#pragma GCC diagnostic ignored "-Wpsabi"

typedef __CHAR16_TYPE__ char16_t;
typedef __CHAR32_TYPE__ char32_t;
typedef __WCHAR_TYPE__ wchar_t;

typedef int quad __attribute__((vector_size(16)));
typedef float pair __attribute__((vector_size(8)));
typedef u8 octet __attribute__((vector_size(8)));

volatile int one = 1;
volatile float half = 0.5f;

_Complex double turn = 1.5 - 2.25i;
_Complex float small_turn = -0.25f + 8.0fi;
_Complex int lattice = 3 - 4i;
_Complex double turns[2] = { 1.0i, 2.0 };

char16_t greeting16[] = u"h\u00e9llo \u20ac \U0001f600";
char32_t greeting32[] = U"h\u00e9llo \u20ac \U0001f600";
wchar_t greeting[] = L"wide \u00fcber";
const char16_t *words16 = u"sixteen\n";
const wchar_t *words = L"\"quoted\"";
char16_t letter16 = u'\u00e9';
char32_t letter32 = U'\u20ac';
wchar_t letter = L'w';

quad four = { 1, -2, 3, -4 };
pair two = { 0.5f, -1.5f };
_Bool truth = 1;
octet eight = { 'a', 'b', 0, 3, 255 };

union cell {
  u32 all;
  struct {
    u32 sign : 1, exponent : 8, fraction : 23;
  };
  u32 top : 4;
  int low : 12;
};
union cell cell = { .all = 0xc0490fdb };

struct message {
  u16 length;
  union {
    u8 kind;
    u16 both;
  };
  struct {
    u8 from, to;
  } route;
  u8 data[];
};
struct message message = { 3, { 7 }, { 1, 2 }, { 10, 20, 30 } };

struct sparse {
  u8 first;
  u64 : 0;
  int a : 7;
  u64 b : 40;
  signed char c : 3;
  _Bool d : 1;
  enum { LOW, HIGH = 6 } e : 3;
} __attribute__((packed));
struct sparse sparse = { 1, -3, 0xabcdef0123, -2, 1, HIGH };

#ifndef __clang__
_Float32 single = 1.1f;
_Float64 wide = 1.1;
_Float32x also_wide = 1.1;
#endif
long double longest = 2.5L;

static int __attribute__((noinline)) rotate(_Complex double by, _Complex float slightly, _Complex int steps)
{
  _Complex double swapped;
  __real__ swapped = __imag__ by;
  __imag__ swapped = __real__ by;
  turn = swapped;
  small_turn = ~slightly;
  _Complex int twice = steps + steps;
  one += __imag__ twice;
  return __real__ twice;
}

static int __attribute__((noinline)) add(quad a, int b)
{
  quad sum = a + (quad){ b, b, b, b };
  pair halves = { half, two[1] };
  one += sum[1];
  two = halves;
  return sum[0] + sum[3];
}

static u32 __attribute__((noinline)) split(u32 all)
{
  union cell parts = { .all = all };
  struct message *last = &message;
  struct sparse *packed = &sparse;
  u32 exponent = parts.exponent;
  one += (int)packed->b;
  return exponent + last->data[one & 1] + (u32)packed->a;
}

static int __attribute__((noinline)) count(const wchar_t *text)
{
  int length = 0;
  wchar_t c = *text;
  while (c) {
    length++;
    c = text[length];
  }
  return length;
}

int main(void)
{
  int turned = rotate(turn, small_turn, lattice);
  char16_t first = greeting16[one];
  int result = add(four, one) + (int)split(cell.all) + turned;
  result += count(words) + (int)first;
  return result + (int)letter32;
}
