// One name for many things: each row of a debugger must lead to its own.
volatile int sink = 1;

int count = 100;
static int level = 5;
int only_here = 17;
namespace {
struct Hidden {
  int depth = 4;
} hidden;
int twin = 21;
}  // namespace
namespace outer {
int twin = 22;
namespace inner {
int twin = 23;
namespace {
int deep = 6;
}
inline namespace v3 {
int versioned = 7;
}
}  // namespace inner
}  // namespace outer

struct Base {
  int x = 1, only_base = 2;
  static int shared;
  union {
    int word;
    struct {
      int low : 12, high : 20;
    };
  };
  int read() const { return x + word + shared; }
};
int Base::shared = 10;
struct Other {
  int x = 3, y = 8;
};
struct Derived : Base, Other {
  int x = 5;
  static int shared, only_base;
  int count = 9;
  int read()
  {
    int level = x + count;
    sink = level;
    return level + Base::x + Other::x + ::count + shared;  // here
  }
};
int Derived::shared = 20;
int Derived::only_base = 30;

struct Left : Base {
  int left = 6;
};
struct Right : Base {
  int right = 7;
};
struct Twice : Left, Right {
  int x = 11;
};
struct Virtual : virtual Base, virtual Other {
  int own = 12;
};
struct Joined : Virtual, Left {
  int x = 13;
};
template <char C, int N> struct Tagged : Other {
  int x = C;
  int items[N] = {};
};
template <typename T> struct Wrapped : T {
  int x = 14;
};
struct Last : Wrapped<Hidden>, Wrapped<Other> {
  int &reference;
  Derived *pointer;
  Last(int &to, Derived *at) : reference(to), pointer(at) {}
};

static int __attribute__((noinline)) sum(int level)
{
  static int calls = 40;
  int count = level;
  {
    static int calls = 41;
    int count = 2;
    for (int level = 0; level < 2; level++) {
      static int calls = 42;
      int count = level + calls;
      sink = count;
      sink = level;
    }
    calls += count;
  }
  calls += count;
  return calls;
}

static int __attribute__((noinline)) sum(long level)
{
  static int calls = 50;
  calls += level;
  if (calls) {
    static int calls = 51;
    calls += level;
    sink = calls;
  }
  return calls;
}

extern "C" int main()
{
  Derived derived;
  derived.word = 0x12345678;
  Twice twice;
  Joined joined;
  Tagged<'x', 3> tagged;
  Tagged<'\'', 2> quoted;
  Last last(count, &derived);
  struct Local : Other, Left {
    int x = 15;
  } local;
  Local *const where = &local;
  Base &base = derived;
  Derived derivedes[2][2];
  derivedes[1][0].x = 16;
  auto captured = [&derived, level = 3](int more) {
    static int calls = 60;
    int count = derived.x + level + more;
    calls += count;
    return calls;
  };
  int result = derived.read() + sum(3) + sum(4L) + captured(sink) + base.read() + twice.left + joined.own;
  result += tagged.y + quoted.y + last.reference + where->x + derivedes[sink & 1][0].x;
  return result + hidden.depth + ::twin + outer::inner::deep + outer::twin + outer::inner::twin + level + only_here +
         outer::inner::versioned;
}
