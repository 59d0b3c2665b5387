/* Calls that return, and calls that do not: what a step over them has to end at. */
#include <setjmp.h>

static jmp_buf back;
volatile int sink;

static inline __attribute__((always_inline)) int twice(int n)
{
  sink = n;                             /* in twice */
  return 2 * sink;
}

static int factorial(int n)
{
  if (n < 2)
    return 1;
  int rest = factorial(n - 1);          /* recursive call */
  return n * rest;                      /* after it */
}

static void throw_deep(int n)
{
  if (n == 0)
    longjmp(back, 1);
  throw_deep(n - 1);
  sink++;
}

static void catching(void)
{
  if (setjmp(back) == 0)
    throw_deep(3);                      /* throws */
  else
    sink = 7;                           /* caught */
}

int main(void)
{
  int n = factorial(5);                 /* calls factorial */
  n += twice(n);                        /* calls twice */
  catching();                           /* calls catching */
  return n;                             /* end */
}
