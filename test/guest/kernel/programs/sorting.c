/* A position-independent program of a process of Linux, with a library of its own beside the C library: it has libc call that
   library, and says itself what lies where. */

#include <stdio.h>
#include <stdlib.h>

int compare(const void *left, const void *right);
extern int compared;

__attribute__((noinline)) static int sorted(int *numbers, int count)
{
  int before = compared;
  qsort(numbers, count, sizeof *numbers, compare);
  return compared - before; /* sorted */
}

int main(void)
{
  int numbers[] = { 4, 440, 44 };
  char line[256];
  FILE *maps = fopen("/proc/self/maps", "r");
  while (fgets(line, sizeof line, maps)) fputs(line, stdout);
  fclose(maps);
  fflush(stdout);
  return sorted(numbers, 3) == 0;
}
