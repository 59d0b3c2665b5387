void install(void);
int system_call(int number);

volatile int seen;

static int __attribute__((noinline)) add(int a, int b)
{
  seen = a;
  return a + b;
}

void count_call(void)
{
  int now = add(seen, 1);
  seen = now;
}

static int __attribute__((noinline)) ask(int number)
{
  int before = seen;
  system_call(number);
  return seen - before;
}

int main(void)
{
  install();
  return ask(3) + ask(4);
}
