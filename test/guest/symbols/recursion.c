/* Recursions as GCC compiles them: what the arguments were at the entry, each caller computes from its own. */
volatile int sink;

__attribute__((noinline)) int fold(int a, int b, int n) {
  if (n == 0) {
    sink = 1;
    __asm__ volatile(".globl deepest\ndeepest: nop");
    return 0;
  }
  int rest = fold(a + b, a, n - 1);
  sink = rest;
  return rest + n;
}

int depth = 3000;

int main(void) {
  sink = fold(1, 1, depth);
  return 0;
}
