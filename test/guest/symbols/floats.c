/* Numbers in floating-point registers: floats among them, over calls that save them, in pairs and in structures. */
volatile double sink;
volatile float small = 1.25f;

struct vector {
  float x, y, z;
};

struct pair {
  double first;
  float second;
};

#define FUNCTION __attribute__((noinline)) static

FUNCTION float mix(float a, float b, float c)
{
  float sum = a * b;
  float rest = c / 3;
  sink = sum;
  return sum + rest;
}

FUNCTION double across(float a, double b, float c, double d)
{
  float product = a * c;
  double quotient = b / d;
  float mixed = mix(a, c, product);
  sink = quotient + mixed;
  float again = mix(product, mixed, a);
  sink = again * quotient + product;
  return again + d * mixed;
}

FUNCTION float length2(struct vector v)
{
  float xx = v.x * v.x;
  float yy = v.y * v.y;
  float zz = v.z * v.z;
  sink = xx;
  return xx + yy + zz;
}

FUNCTION float inner(struct vector v, int n)
{
  struct vector w = { v.x * n, v.y + n, v.z - n };
  float scaled = length2(w);
  sink = w.y;
  return scaled * w.x;
}

FUNCTION double power(float base, int n)
{
  if (n == 0)
    return base;
  double below = power(base * 1.5f, n - 1);
  float here = base + n;
  sink = here;
  return below + here;
}

FUNCTION float complex_part(float _Complex z, double _Complex w)
{
  float _Complex square = z * z;
  double _Complex sum = w + z;
  sink = __real__ square;
  sink = __imag__ sum;
  return __imag__ square + mix(__real__ sum, __imag__ z, small);
}

FUNCTION double loop(const float *values, int count)
{
  float least = values[0], most = values[0];
  double sum = 0;
  for (int i = 0; i < count; i++) {
    float value = values[i];
    long long rounded = value;
    least = value < least ? value : least;
    most = value > most ? value : most;
    sum += value * (double)most + rounded;
    sink = mix(value, least, most);
  }
  struct pair both = { sum, most - least };
  sink = both.second;
  return both.first + both.second;
}

static const float table[6] = { 1.5f, -2.25f, 3, 0.125f, 7.75f, -1e10f };

int main(void)
{
  struct vector v = { 1, small, -3.5f };
  sink = across(1.5f, 2.5, small, -4);
  sink = inner(v, 3) + length2(v);
  sink = power(small, 5);
  sink = complex_part(1.5f + 2.0if * small, 3 - 1.0i);
  sink = loop(table, 6);
  return 0;
}
