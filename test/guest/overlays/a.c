/* At the same address as what is in b.c. */
static int count_a;
extern volatile int sink;

__attribute__((noinline)) static int start(int from) {
  sink = from;
  return from + 1;
}

int in_a(int first) {
  int doubled = first * 2;
  count_a += start(doubled);
  return doubled + count_a;
}
