// What the preprocessor leaves no trace of but in -g3: names for numbers, texts, addresses, types and each other.
#include "shapes.h"

#define LIMIT 10
#define MASK (~(LIMIT - 1) & 0xfff)
#define FLAG_READY (1u << 4)
#define FLAGS (FLAG_READY | FLAG_BUSY)
#define FLAG_BUSY (1u << 5)
#define NAME "a text"
#define LETTER 'x'
#define HALF 0.5
#define TABLE ((struct point *)(void *)table)
#define SECOND TABLE[1].x
#define BIG 0x123456789abcdefULL
#define WORD typedef_word
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define SQUARE(x) x * x
#define LARGEST MAX(LIMIT, SQUARE(4))
#define CALL(f, x) f(x)
#define SEVEN() 7
#define FIRST(a, ...) (a)
#define DOUBLE(x) (2 * (x))
#define TEXT(x) #x
#define SET(x) x = 1;
#define D(x) ((x) + (x))
#define EMPTY
#define BLOCK do { counter++; } while (0)
#define ITSELF ITSELF
#define PING PONG
#define PONG PING
#define counter_alias counter
#define LIMIT_TWICE (LIMIT + LIMIT)
#define ALIAS SQUARE
#define FARTHER ALIAS
#define NINE FARTHER(3)
#define ADDED LIMIT + ALIAS
#define GONE 1
#undef GONE
#define REDEFINED 1
#undef REDEFINED
#define REDEFINED 2

typedef unsigned typedef_word;

struct point table[2] = { { 1, 2 }, { 3, 4 } };
int counter = 7;

int main(void)
{
  const char *name = NAME;
  BLOCK;
  return LIMIT + SECOND + (int)MAX(HALF, 0.25) + name[0] + LETTER + MASK + (int)BIG + (int)FLAGS + counter_alias +
         LIMIT_TWICE + REDEFINED + (int)sizeof(WORD) EMPTY;
}
