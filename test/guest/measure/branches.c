/* Lines, functions and branches of every kind, for coverage to be compared with gcov. */
#include <setjmp.h>
#include <string.h>

static jmp_buf back;
static int unused(int n)
{
  return n + 1;
}

static int classify(int n)
{
  if (n < 0)
    return -1;
  else if (n == 0)
    return 0;
  switch (n % 5) {
  case 0:
    return 5;
  case 1:
  case 2:
    return 12;
  case 3:
    break;
  default:
    return 4;
  }
  return 3;
}

static int loops(int n)
{
  int sum = 0;
  for (int i = 0; i < n; i++)
    for (int j = i; j < n; j++)
      if ((i ^ j) & 1)
        sum += i * j;
      else
        sum--;
  while (sum > 100)
    sum -= 7;
  do {
    sum++;
  } while (sum < 10);
  return sum;
}

static int both(int a, int b)
{
  if (a > 3 && b > 3)
    return 1;
  if (a > 3 || b > 3)
    return 2;
  return a ? b : 0;
}

static void deep(int n)
{
  if (n == 0)
    longjmp(back, 1);
  deep(n - 1);
}

static int fibonacci(int n)
{
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

int main(int argc, char **argv)
{
  int total = 0;
  for (int i = -3; i < 20; i++)
    total += classify(i);
  total += loops(12);
  for (int a = 0; a < 6; a++)
    total += both(a, 5 - a);
  if (setjmp(back) == 0)
    deep(6);
  total += fibonacci(9);
  if (argc > 1 && strcmp(argv[1], "more") == 0)
    total += unused(total);
  return total & 63;
}
