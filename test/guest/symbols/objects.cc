// C++ beyond classes and templates: virtual bases, pointers to members, rvalue references, nullptr, unions and lambdas.
volatile int sink = 1;

void operator delete(void *) {}
void operator delete(void *, unsigned) {}
extern "C" void __cxa_pure_virtual() {}

struct Root {
  int root = 1;
  virtual int value() const { return root; }
};
struct Left : virtual Root {
  int left = 2;
  int value() const override { return left; }
};
struct Right : virtual Root {
  int right = 3;
};
struct Diamond : Left, Right {
  int bottom = 4;
  int value() const override { return bottom + root; }
  int plain(int by) { return bottom + by; }
};
struct Lower : Diamond {
  int lowest = 5;
};

int Diamond::*member = &Diamond::bottom;
int Diamond::*no_member = nullptr;
int (Diamond::*method)(int) = &Diamond::plain;
int (Diamond::*no_method)(int) = nullptr;
int (Diamond::*table[2])(int) = { &Diamond::plain, nullptr };

struct Point {
  int x, y;
  int sum() const { return x + y; }
  virtual int product() const { return x * y; }
};
int Point::*coordinate = &Point::y;
int (Point::*const_method)() const = &Point::sum;
int (Point::*virtual_method)() const = &Point::product;

decltype(nullptr) nothing = nullptr;
int numbers[3] = { 7, 8, 9 };
int (&array_reference)[3] = numbers;
int (*function)(int (&)[3]) = nullptr;

char16_t text16[] = u"caf\u00e9";
char32_t letter32 = U'\u20ac';
wchar_t wide[] = L"wide";

enum class Level : short { Low = -1, High = 300 };
enum Bits : unsigned { One = 1, Two = 2, Four = 4 };
Level level = Level::High;
Bits bits = Bits(One | Four);

namespace outer {
inline namespace v2 {
struct Versioned {
  int number = 2;
};
Versioned versioned;
}  // namespace v2
namespace {
int hidden = 11;
}
namespace alias_target {
int aliased = 12;
}
}  // namespace outer
namespace shorter = outer::alias_target;

template <int N, char C, bool B, typename T, int *P> struct Valued {
  static constexpr int size = N;
  static int counter;
  T items[N];
  int get(int index) const { return items[index] + C + B + *P + counter; }
};
template <int N, char C, bool B, typename T, int *P> int Valued<N, C, B, T, P>::counter = 3;
int shared_number = 13;
Valued<2, 'x', true, short, &shared_number> valued = { { 5, 6 } };

template <typename... Types> struct Pack;
template <> struct Pack<> {};
template <typename First, typename... Rest> struct Pack<First, Rest...> : Pack<Rest...> {
  First first;
};
Pack<int, char, double> pack;

union Either {
  int number;
  float real;
  struct {
    unsigned char bytes[4];
  };
  Either() : number(0x3f800000) {}
};
Either either;

class Mixed {
  int secret = 1;

 public:
  mutable int open = 2;
  const int fixed = 3;
  int &reference = open;
  static const int constant = 4;
  struct Inner {
    int depth = 5;
  } inner;
  int read() const
  {
    int seen = secret + inner.depth;
    sink = seen;
    return seen + reference;
  }
};

static int __attribute__((noinline)) through(Diamond &object, int Diamond::*which, int (Diamond::*call)(int))
{
  int direct = object.*which;
  Root &root = object;
  Left *left = &object;
  sink = direct;
  return direct + (object.*call)(root.value()) + left->left;
}

static int __attribute__((noinline)) take(Point &&moved, const int &kept)
{
  Point own = static_cast<Point &&>(moved);
  own.x += kept;
  sink = own.x;
  return own.product();
}

static int __attribute__((noinline)) nullable(decltype(nullptr) none, const char *text)
{
  bool is_null = text == none;
  sink = is_null;
  return is_null ? 1 : text[0];
}

template <typename F> static int __attribute__((noinline)) call(F function)
{
  int result = function(sink);
  sink = result;
  return result + 1;
}

static int __attribute__((noinline)) captures(int by_value)
{
  int by_reference = by_value * 2;
  Point point;
  point.x = by_value;
  point.y = 9;
  auto copied = [by_value, point](int more) { return by_value + point.x + more; };
  auto shared = [&](int more) {
    by_reference += more;
    return by_reference + point.y;
  };
  auto renamed = [start = by_value + 1](int more) mutable {
    start += more;
    return start;
  };
  return call(copied) + call(shared) + call(renamed) + by_reference;
}

static int pair[2] = { 1, 2 };
static int __attribute__((noinline)) bindings()
{
  Point source;
  source.x = sink;
  source.y = 6;
  int plain[2] = { source.y, 8 };
  auto [a, b] = plain;
  auto &[c, d] = pair;
  sink = a;
  return a + b + c + d;
}

extern "C" int main()
{
  Diamond diamond;
  Lower lower;
  Mixed mixed;
  int result = through(diamond, member, method) + through(lower, member, method);
  result += mixed.read();
  result += take(Point(), 3) + nullable(nullptr, nullptr) + nullable(nothing, "text");
  result += captures(4) + bindings() + valued.get(1);
  Pack<int, char, double> unpacked = pack;
  result += unpacked.first;
  return result + (int)level;
}
