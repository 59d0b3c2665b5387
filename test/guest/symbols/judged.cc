// What conditions are made of: variables of every size, in registers, on the stack, in memory and behind pointers.
enum colour : unsigned char { red, green = 5, blue = 200 };
enum distance { near = -4, far = 1000000 };

struct flags {
  unsigned low : 3, mid : 7;
  int part : 9;
  unsigned long wide : 32;
};

struct node {
  short key;
  node *next;
  flags bits;
  char name[6];
};

node nodes[4];
int table[8];
unsigned short halves[5];
colour favourite;
distance way;
bool ready;
long ticks;
unsigned long long total;
float ratio;
volatile int sink;

struct machine {
  int speed;
  unsigned char state;
  node *list;

  int judge(int count, unsigned limit, signed char step, const short &shared, int *at)
  {
    volatile unsigned char small = step;
    volatile short stack[3] = { 1, 2, 3 };
    int local = count * 3 + speed;
    unsigned word = limit ^ local;
    asm volatile("" : "+r"(local), "+r"(word), "+r"(at), "+r"(count));
    sink = local; // here
    asm volatile("" : "+r"(local), "+r"(word), "+r"(at), "+r"(count));
    return sink + word + *at + stack[1] + small + shared + list->key + count;
  }
};

machine engine;

extern "C" int main()
{
  static const short shared = 7;
  engine.list = nodes;
  nodes[0].next = nodes + 1;
  return engine.judge(table[0], table[1], -3, shared, table);
}
