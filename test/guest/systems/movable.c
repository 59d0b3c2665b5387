/* The position-independent program of processes of mapped.c; it calls a library, which is told to call the kernel. */

struct counted { int times[7]; };

/* For its type to be kept. */
struct counted *kept;

__attribute__((noinline)) int called(int number, int (*library)(int, void *), void *kernel)
{
  int mine = number * 3; /* called */
  int got = library(mine, kernel) + mine;
  return got + 1; /* returned */
}

int start(int number, int (*library)(int, void *), void *kernel)
{
  return called(number, library, kernel) + 1;
}
