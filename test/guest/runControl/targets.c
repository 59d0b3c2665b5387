/* Lines with several calls, for a step that is told which of them to enter. */
volatile int sink;

static int one(void)
{
  return sink + 1;                      /* in one */
}

static int two(int n)
{
  return sink + n;                      /* in two */
}

static inline __attribute__((always_inline)) int copied(int n)
{
  sink = n;                             /* in copied */
  return sink * 2;
}

static int (*volatile pointer)(int) = two;

static int add(int a, int b, int c)
{
  return a + b + c;                     /* in add */
}

int main(void)
{
  sink = add(one(), two(5), pointer(7));    /* three calls */
  sink = copied(one());                 /* calls and copies */
  for (int n = 0; n < 3; n++)           /* loop */
    sink += n;
  return sink;                          /* end */
}
