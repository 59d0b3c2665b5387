// Calls of every kind: tail calls, structures by value, many arguments, recursion through pointers, variable arguments.
#include "shapes.h"

struct wide {
  u64 sum;
  int parts[4];
};

struct pair {
  short low, high;
};

typedef int (*step)(int);

volatile int sink;
static int depth_seen;

static int __attribute__((noinline)) last(int value)
{
  sink = value;
  return value ^ 0x55;
}

static int __attribute__((noinline)) middle(int value, int scale)
{
  int scaled = value * scale;
  if (scaled > 100)
    return last(scaled - 100);
  return last(scaled);
}

static struct wide __attribute__((noinline)) widen(struct pair pair, u64 seed)
{
  struct wide wide = { seed, { pair.low, pair.high, pair.low + pair.high, 0 } };
  for (int i = 0; i < 3; i++)
    wide.parts[3] += wide.parts[i];
  wide.sum += (u64)wide.parts[3] << 32;
  return wide;
}

static int __attribute__((noinline)) fold(struct wide wide, step each)
{
  int total = 0;
  for (unsigned i = 0; i < sizeof wide.parts / sizeof *wide.parts; i++) {
    int part = wide.parts[i];
    total += each(part);
  }
  return total + (int)(wide.sum >> 33);
}

static int even(int n);
static int __attribute__((noinline)) odd(int n)
{
  depth_seen++;
  return n == 0 ? 0 : even(n - 1);
}
static int __attribute__((noinline)) even(int n)
{
  int before = depth_seen;
  int result = n == 0 ? 1 : odd(n - 1);
  return result + (before < 0);
}

static int __attribute__((noinline)) sum(int count, ...)
{
  __builtin_va_list arguments;
  int total = 0;
  __builtin_va_start(arguments, count);
  for (int i = 0; i < count; i++) {
    int argument = __builtin_va_arg(arguments, int);
    total += argument;
  }
  __builtin_va_end(arguments);
  return total;
}

static inline int clamp(int value, int low, int high)
{
  int above = value < low ? low : value;
  return above > high ? high : above;
}

static inline int between(int value, int middle)
{
  int low = clamp(value, middle - 10, middle);
  int high = clamp(value, middle, middle + 10);
  return high - low;
}

static int __attribute__((noinline)) inlined_twice(int a, int b)
{
  int first = between(a, b);
  sink = first;
  int second = between(b, a + sink);
  return first * second;
}

static int __attribute__((noinline)) branches(unsigned selector, int a, int b)
{
  switch (selector) {
  case 0:
    return a + b;
  case 1: {
    int product = a * b;
    sink = product;
    return product;
  }
  case 2: {
    int quotient = b ? a / b : 0;
    sink = quotient;
    return quotient - a;
  }
  case 7:
    return last(a);
  default:
    return last(b) + 1;
  }
}

int main(void)
{
  struct pair pair = { -3, 12 };
  int result = middle(7, 9) + middle(70, 9);

  struct wide wide = widen(pair, 0x100000002ULL);
  result += fold(wide, last);
  result += even(5);
  result += sum(9, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  for (int i = 0; i < 3; i++)
    result += inlined_twice(result & 63, i * 7);
  for (unsigned i = 0; i < 9; i++)
    result += branches(i, result, (int)i);
  return result;
}
