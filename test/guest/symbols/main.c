#include "shapes.h"

volatile u32 ticks;
static int calls = 11;
struct bits bits = { 1, 5, -7, 0x123456789aULL, 0xbeef };
u64 big = 0x1122334455667788ULL;
long long negative = -5;
_Bool yes = 1;
char letter = 'a';
signed char tiny = -3;
u8 bytes[40] = "hello\n\"quoted\"";
float third = 1.0f / 3;
double pi = 3.14159265358979;
enum flags access = F_READ | F_EXEC;
const char *message = "hello, world";
int (*handler)(const struct point *, const struct point *) = area;
int matrix[3][4] = { { 1, 2, 3, 4 }, { 5, 6, 7, 8 }, { 9, 10, 11, 12 } };
void *nowhere;
volatile const int limit = 1000;

static int recurse(int depth, struct node *list)
{
  int local = depth * 3 + calls;

  if (depth == 0)
    return total(list);
  local += recurse(depth - 1, list);
  return local;
}

static int many(int a, int b, int c, int d, int e, int f, int g, int h, int i, u64 j)
{
  u64 product = (u64)a * b + j;
  return (int)(product >> 3) + c + d + e + f + g + h + i;
}

int main(void)
{
  struct point local = { 10, 20 };
  int result;

  result = recurse(3, nodes);
  result += many(1, 2, 3, 4, 5, 6, 7, 8, 9, big);
  ticks += handler(&local, &nodes[0].at);
  result += square(ticks);
  return result + letter + tiny;
}
