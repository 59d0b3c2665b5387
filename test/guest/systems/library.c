/* The shared library of processes of mapped.c. */

int library(int given, int (*kernel)(int))
{
  int more = given + 100;
  return kernel(more) + given; /* kernel */
}
