// The other file of names_one.c.
static int calls = 2;
static long shape = 4;
int calls_elsewhere = 5;
extern int volatile sink;

static int __attribute__((noinline)) nested(int shape)
{
  static char calls = 'n';
  calls += shape;
  sink = calls;
  return calls;
}

int other(int argument)
{
  int sum = nested(argument) + calls + shape;
  {
    long calls = sum;
    sink = calls;
  }
  return sum + calls_elsewhere;
}
