/* What callers keep in registers, which those they call save: words and doubles. */
#include <stdio.h>

volatile int count = 3;
volatile double factor = 1.5;

__attribute__((noinline)) static double last(double a, float b, int n)
{
	double sum = a + b;
	printf("%g\n", sum * n);	/* last */
	return sum;
}

__attribute__((noinline)) static double middle(double a, int n)
{
	double kept = a * 2;
	double again = last(a, 0.25f * n, n);
	return again + kept + n;	/* middle */
}

int main(void)
{
	double kept = factor + 2;
	int n = count;
	double result = middle(kept, n) + middle(kept, n + 1);
	printf("%g %g %d\n", result, kept, n);	/* main */
	return 0;
}
