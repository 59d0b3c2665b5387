/* The program of a process of processes.c, linked apart from it. */

struct counted { int times[5]; };

static int calls;

/* For its type to be kept. */
struct counted *kept;

__attribute__((noinline)) int called(int number, int (*enter)(int))
{
  int mine = number * 3; /* called */
  calls++;
  return enter(mine) + calls + mine; /* entered */
}

int start(int number, int (*enter)(int))
{
  return called(number, enter) + 1;
}
