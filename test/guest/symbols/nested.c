// GNU C's functions in functions: what the inner ones see of the outer ones, in the right one of several calls.
volatile int sink = 1;

#define NOINLINE __attribute__((noinline))

static int NOINLINE walk(int depth)
{
  int level = depth * 10, unused = depth;
  volatile int kept[2] = { depth, depth + 1 };
  int NOINLINE inner(int by)
  {
    int own = level + by;
    {
      int block = own + kept[1];
      int NOINLINE innermost(int more)
      {
        sink = more + block + level; // innermost
        return sink + depth;
      }
      own += innermost(by + 1);
    }
    level += own;
    sink = own; // inner
    return own;
  }
  if (depth > 1) return walk(depth - 1) + inner(depth);
  return inner(depth) + level + unused;
}

int main(void)
{
  return walk(3);
}
