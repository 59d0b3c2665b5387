/* What a session of gdb walks through: calls, loops, recursion, and things to watch. Freestanding, so that it can be a
   program of the board as well as a Linux process. */

/* What the start of the board's programs wants. */
int seen[4], resume;

struct place { int x, y; };

struct place where = { 1, 2 };
volatile int counter;
int table[10];
volatile int sink;
double half = 0.5;

__attribute__((noinline)) int add(int a, int b) { return a + b; }

__attribute__((noinline)) int square(int n)
{
  int result = n * n;
  return result;
}

__attribute__((noinline)) int factorial(int n)
{
  if (n < 2)
    return 1;
  return n * factorial(n - 1);
}

__attribute__((noinline)) void fill(void)
{
  for (int i = 0; i < 10; i++)
    table[i] = square(i);
}

__attribute__((noinline)) int look(int n)
{
  return where.x + n; /* reads where.x */
}

int main(void)
{
  counter = add(2, 3); /* first */
  fill();
  where.y = factorial(5);
  sink = look(4);
  counter = counter; /* writes what is there already */
  sink = table[3]; /* reads an element */
  for (int i = 0; i < 1000; i++)
    sink = i; /* loop */
  return 7;
}
