// Thread-local variables of a program without threads: r2 is the thread pointer (PowerPC ABI), set up by hand.
#include "shapes.h"

_Thread_local int zeroed;
_Thread_local u64 wide;
static _Thread_local struct point corner;

int *where_zeroed;
u64 *where_wide;
struct point *where_corner;
int *where_calls;

static u8 block[256] __attribute__((aligned(16)));

static int __attribute__((noinline)) count(int by)
{
  static _Thread_local int calls;
  calls += by;
  where_calls = &calls;
  corner.x = by;
  corner.y = calls;
  return calls;
}

static int __attribute__((noinline)) use(void)
{
  where_zeroed = &zeroed;
  where_wide = &wide;
  where_corner = &corner;
  zeroed = 4;
  wide = 0x123456789aULL;
  return count(3) + count(zeroed) + (int)wide;
}

int main(void)
{
  __asm__ volatile("mr 2, %0" : : "r"(block + 0x7000));
  return use();
}
