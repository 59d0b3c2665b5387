/* A loop in which breakpoints are reached again and again. Its argument says how often. */
#include <stdlib.h>

struct counter { unsigned char kind; int total; };

struct counter counter;

int main(int argc, char **argv)
{
  struct counter *at = &counter;
  int rounds = atoi(argv[1]);
  for (int i = 0; i < rounds; i++) {
    at->total += i;                     /* one */
    at->kind ^= 1;                      /* two */
    at->total ^= at->kind;              /* three */
    at->total -= 3;                     /* four */
  }
  return 0;
}
