/* Functions that end in jumps to others: by one way, by two, in circles, and through a pointer. */
volatile int sink;

#define FUNCTION __attribute__((noinline, noclone)) static int

FUNCTION third(int n)
{
  sink = n;
  __asm__ volatile(".globl at_third\nat_third: nop");
  return sink + 1;
}

FUNCTION second(int n)
{
  sink = n + 1;
  return third(n * 2 + sink);
}

FUNCTION first(int n)
{
  sink = n;
  return second(n + 3);
}

FUNCTION either_end(int n)
{
  sink = n;
  __asm__ volatile(".globl at_either_end\nat_either_end: nop");
  return n;
}

FUNCTION left(int n)
{
  sink = 1;
  return either_end(n + 1);
}

FUNCTION right(int n)
{
  sink = 2;
  return either_end(n + 2);
}

FUNCTION either(int n)
{
  if (n > sink)
    return left(n);
  return right(n);
}

FUNCTION ping(int n);

FUNCTION pong(int n)
{
  sink = n;
  __asm__ volatile("at_pong: nop");
  return n < 1 ? n : ping(n - 1);
}

FUNCTION ping(int n)
{
  sink = n;
  __asm__ volatile("at_ping: nop");
  return n < 1 ? n : pong(n - 2);
}

static int (*volatile chosen)(int) = third;

FUNCTION through_pointer(int n)
{
  sink = n;
  return chosen(n + 5);
}

int main(void)
{
  sink = first(4) + 1;
  sink = either(7) + 1;
  sink = ping(9) + 1;
  sink = through_pointer(11) + 1;
  return 0;
}
