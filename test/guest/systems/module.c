/* A module: built as an object file, which a debugger has, and placed into modules.c. */

static int times = 40;

__attribute__((noinline)) int count_once(int by)
{
  int after = times + by; /* counted */
  times = after;
  return after;
}

__attribute__((section(".init.text"))) int begin(void)
{
  return count_once(1); /* begins */
}
