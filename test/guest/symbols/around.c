// A line whose first instruction is of a function that a header has inlined there.
#include "around.h"

volatile unsigned place = 5, sum;

int main(void)
{
  for (unsigned round = 0; round < 10; round++)
    sum += mixed(&place) + round;
  return 0;
}
