// C++: templates, nested namespaces, references, lambdas, operators, inheritance from two bases.
typedef unsigned long long u64;

volatile int sink;

namespace geometry {

template <typename T> struct Vector {
  T x, y;
  Vector operator+(const Vector &other) const { return { T(x + other.x), T(y + other.y) }; }
  T dot(const Vector &other) const
  {
    T product = x * other.x;
    return product + y * other.y;
  }
};

namespace detail {
enum class Side : unsigned char { Left, Right = 4 };
enum Plain { First = 1, Second };
int calls = 0;
}  // namespace detail

class Shape {
 public:
  explicit Shape(int id) : id_(id) { ++made; }
  virtual int area() const = 0;
  virtual ~Shape() {}
  static int made;

 protected:
  int id_;
};
int Shape::made;

struct Named {
  const char *name;
  char initial() const { return *name; }
};

class Box : public Shape, public Named {
 public:
  Box(int id, int width, int height) : Shape(id), Named{ "box" }, width_(width), height_(height) {}
  int area() const override
  {
    detail::calls++;
    int product = width_ * height_;
    return product + id_;
  }
  Box &grow(int by)
  {
    width_ += by;
    return *this;
  }

 private:
  int width_, height_;
};

}  // namespace geometry

using geometry::Vector;

template <typename T, int N> class Ring {
 public:
  void push(const T &value)
  {
    items_[next_] = value;
    next_ = (next_ + 1) % N;
  }
  const T &at(int index) const { return items_[index % N]; }

 private:
  T items_[N] = {};
  int next_ = 0;
};

template <typename F> static int __attribute__((noinline)) apply(int count, F each)
{
  int total = 0;
  for (int i = 0; i < count; i++)
    total += each(i);
  return total;
}

static void __attribute__((noinline)) swap(int &a, int &b)
{
  int kept = a;
  a = b;
  b = kept;
}

static int __attribute__((noinline)) measure(const geometry::Shape &shape)
{
  int area = shape.area();
  sink = area;
  return area + 1;
}

static int __attribute__((noinline)) side(geometry::detail::Side side)
{
  using geometry::detail::Side;
  bool isLeft = side == Side::Left;
  sink = isLeft;
  return isLeft ? 10 : 20;
}

static int __attribute__((noinline)) rings()
{
  Ring<Vector<short>, 4> ring;
  for (short i = 0; i < 6; i++)
    ring.push(Vector<short>{ i, short(i * i) });
  const Vector<short> &oldest = ring.at(2);
  sink = oldest.y;
  return oldest.x + ring.at(5).y;
}

void operator delete(void *) {}
void operator delete(void *, unsigned) {}
extern "C" void __cxa_pure_virtual() {}

extern "C" int main()
{
  int a = 3, b = 8;
  swap(a, b);
  geometry::Box box(7, a, b);
  int result = measure(box.grow(2));
  result += box.initial();
  int factor = b;
  result += apply(3, [&factor, a](int i) {
    factor += i;
    return factor * a;
  });
  Vector<int> left{ 1, 2 }, right{ 3, result };
  Vector<int> sum = left + right;
  result += sum.dot(left);
  result += side(geometry::detail::Side::Right) + side(geometry::detail::Side::Left);
  result += rings();
  result += geometry::detail::Second;
  return result + geometry::Shape::made;
}
