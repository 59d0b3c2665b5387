// Names of C that hide each other, in one file and in two.
struct shape {
  int kind;
  union {
    struct {
      short width, height;
    };
    int both;
  };
  unsigned flag : 1, rest : 7;
  struct {
    int x, y;
  } corners[2];
  struct shape *next;
};

int volatile sink = 1;
static int calls = 1;
static struct shape shape = { 1, { { 2, 3 } }, 1, 5, { { 6, 7 }, { 8, 9 } }, &shape };
int shared = 3;
int r3 = 33, pc = 34;
int caf\u00e9 = 35, dollar$name = 36;

int other(int calls);

static int __attribute__((noinline)) nested(int shared, struct shape shape)
{
  static int calls = 10;
  int r3 = shared + shape.kind;
  {
    int shared = r3 * 2;
    extern int calls_elsewhere;
    struct shape {
      char kind, other;
    } shape = { 'a', 'b' };
    static int calls = 11;
    calls += shared + calls_elsewhere + shape.kind;
    sink = calls + pc;
  }
  calls += r3;
  return calls;
}

int main(void)
{
  int shape_count = 0;
  for (struct shape *each = &shape; each && shape_count < 2; each = each->next) shape_count++;
  int sum = nested(sink, shape) + other(shape_count) + calls + shared;
  struct shape copies[2][2] = { { shape, shape }, { shape, shape } };
  copies[sink & 1][0].both = sum;
  return copies[0][1].both + shape_count + r3 + caf\u00e9 + dollar$name;
}
