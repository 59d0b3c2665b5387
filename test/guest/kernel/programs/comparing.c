/* The shared library of sorting.c. */

int compared;

int compare(const void *left, const void *right)
{
  int a = *(const int *)left, b = *(const int *)right;
  compared++;
  return a - b; /* compare */
}
