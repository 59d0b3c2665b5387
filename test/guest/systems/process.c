/* The program of a process of processes.c, linked apart from it. */

static int calls;

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
