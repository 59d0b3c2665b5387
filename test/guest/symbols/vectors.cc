// Classes of floats, whose members and arguments are taken apart into floating-point registers.
volatile double sink;
volatile float scale = 0.5f;

namespace geometry {

struct Point {
  float x, y;
  Point operator+(const Point &other) const { return {x + other.x, y + other.y}; }
  Point operator*(float factor) const { return {x * factor, y * factor}; }
};

template <typename T> struct Range {
  T low, high;
  __attribute__((noinline)) T middle(T weight) const {
    T span = high - low;
    T part = span * weight;
    sink = part;
    return low + part;
  }
};

class Shape {
public:
  virtual float area(float factor) const = 0;
};

class Disc : public Shape {
  Point centre;
  float radius;

public:
  Disc(Point c, float r) : centre(c), radius(r) {}
  __attribute__((noinline)) float area(float factor) const override {
    float square = radius * radius;
    double exact = square * 3.14159265358979;
    sink = centre.x + exact;
    return square * factor;
  }
};

}  // namespace geometry

using namespace geometry;

__attribute__((noinline)) static float path(const Point *points, int count) {
  Point sum = {0, 0};
  float longest = 0;
  for (int i = 0; i + 1 < count; i++) {
    Point step = points[i] + points[i + 1] * scale;
    float length = step.x * step.x + step.y * step.y;
    longest = length > longest ? length : longest;
    sum = sum + step;
    sink = Range<float>{longest, length}.middle(scale);
  }
  return sum.x + sum.y * longest;
}

__attribute__((noinline)) static double measure(const Shape &shape, float factor) {
  float area = shape.area(factor);
  double weight = Range<double>{area, 10}.middle(factor);
  sink = area;
  return weight * shape.area(factor + 1);
}

static const Point points[4] = {{1, 2}, {-3, 0.5f}, {2.25f, -8}, {0, 1}};

int main() {
  sink = path(points, 4);
  sink = measure(Disc(points[1], 2.5f), scale);
  return 0;
}
