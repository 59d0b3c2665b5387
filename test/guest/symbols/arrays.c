// Arrays whose length only the running program knows, floating-point values, unions and what optimizers take apart.
#include "shapes.h"

volatile double scale = 1.5;
volatile float shift = 0.25f;
long double constant = 2.5L;
int table[8] = { 3, 1, 4, 1, 5, 9, 2, 6 };
_Complex double rotation = 1.0 + 2.0i;
static const char *const words[] = { "alpha", "beta", "gamma", 0 };

static int __attribute__((noinline)) reverse(int count, const int source[])
{
  int copy[count];
  int sum = 0;
  for (int i = 0; i < count; i++)
    copy[i] = source[count - 1 - i];
  for (int i = 0; i < count; i++)
    sum = sum * 3 + copy[i];
  return sum;
}

static int __attribute__((noinline)) grid(int rows, int columns)
{
  short cells[rows][columns];
  int sum = 0;
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      cells[i][j] = (short)(i * 10 + j);
  for (int i = 0; i < rows; i++)
    sum += cells[i][columns - 1 - i % columns];
  return sum;
}

static int __attribute__((noinline)) length(const char *text)
{
  const char *end = text;
  while (*end)
    end++;
  return (int)(end - text);
}

static u32 __attribute__((noinline)) pun(float value)
{
  union {
    float f;
    u32 u;
    struct {
      unsigned sign : 1, exponent : 8, fraction : 23;
    };
  } bits = { value };
  u32 exponent = bits.exponent;
  return bits.u ^ exponent << 3;
}

static u64 __attribute__((noinline)) hash(const u8 *data, int size)
{
  u64 state = 0xcbf29ce484222325ULL;
  for (int i = 0; i < size; i++) {
    state ^= data[i];
    state *= 0x100000001b3ULL;
  }
  return state;
}

/* Taken apart: each member lives where it likes, some nowhere. */
static int __attribute__((noinline)) scattered(int seed)
{
  struct {
    int used, unused, computed;
    struct point at;
  } local = { seed, 99, seed * 2, { seed + 1, seed + 2 } };
  struct point *where = &local.at;
  struct bits flags = { seed & 1, 3, -2, 5, 6 };
  int result = local.used + local.computed + where->x;
  result += flags.ready;
  for (int i = 0; i < 2; i++) {
    result += table[(seed + i) & 7];
    local.used += result;
  }
  return result + local.used;
}

static int __attribute__((noinline)) sort(int *values, int count)
{
  int swaps = 0;
  for (int i = 1; i < count; i++) {
    int moved = values[i], j = i;
    for (; j > 0 && values[j - 1] > moved; j--) {
      values[j] = values[j - 1];
      swaps++;
    }
    values[j] = moved;
  }
  return swaps;
}

static int __attribute__((noinline)) stack_allocated(int size)
{
  u8 *buffer = __builtin_alloca((unsigned)size);
  for (int i = 0; i < size; i++)
    buffer[i] = (u8)(i * i);
  return (int)hash(buffer, size);
}

int main(void)
{
  int result = reverse(5, table) + grid(3, 4);
  for (const char *const *word = words; *word; word++)
    result += length(*word);
  double kept = scale;
  float small = shift;
  result += (int)pun(small);
  for (int i = 0; i < 3; i++)
    result += scattered(i);
  result += stack_allocated(6);
  result += sort(table, 8);
  scale = kept;
  return result;
}
