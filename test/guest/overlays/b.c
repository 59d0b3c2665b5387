/* At the same address as what is in a.c, with other lines. */

static int count_b;
extern volatile int sink;


/* Has the name of one in a.c. */
__attribute__((noinline)) static int start(int from) {
  sink = from;
  return from - 1;
}

int in_b(int second) {
  int i, sum = 0;
  for (i = 0; i < second; i++)
    sum += start(i) * i;
  count_b += sum;
  return sum;
}
