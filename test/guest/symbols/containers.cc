// The standard library's containers, shown as the structures they are.
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

volatile int sink = 1;

// What the library leaves to an operating system.
static unsigned char heap[8192] __attribute__((aligned(16)));
static unsigned used;
void *operator new(std::size_t size)
{
  void *result = heap + used;
  used += (size + 15) & ~15u;
  return result;
}
void operator delete(void *) noexcept {}
void operator delete(void *, std::size_t) noexcept {}
namespace std {
void __throw_length_error(const char *) { __builtin_trap(); }
void __throw_logic_error(const char *) { __builtin_trap(); }
void __throw_bad_function_call() { __builtin_trap(); }
void __throw_bad_alloc() { __builtin_trap(); }
void __throw_bad_array_new_length() { __builtin_trap(); }
void __throw_out_of_range_fmt(const char *, ...) { __builtin_trap(); }
}  // namespace std
extern "C" void *memmove(void *to, const void *from, std::size_t size)
{
  volatile unsigned char *a = static_cast<unsigned char *>(to);
  const unsigned char *b = static_cast<const unsigned char *>(from);
  if (a < b)
    for (std::size_t i = 0; i < size; i++)
      a[i] = b[i];
  else
    while (size--)
      a[size] = b[size];
  return to;
}
extern "C" std::size_t strlen(const char *text)
{
  std::size_t length = 0;
  while (text[length])
    length++;
  return length;
}

// Else the library has them.
template class std::allocator<char>;
template class std::__cxx11::basic_string<char>;

extern "C" void *memchr(const void *, int, std::size_t) { __builtin_trap(); }
extern "C" int memcmp(const void *, const void *, std::size_t) { __builtin_trap(); }

struct Item {
  int key;
  std::string name;
};

static int __attribute__((noinline)) vectors(int seed)
{
  std::vector<int> numbers{ seed, 2, 3 };
  std::vector<Item> items;
  items.push_back({ seed, "first" });
  std::vector<bool> bits(3, true);
  numbers.push_back(4);
  int sum = 0;
  for (int each : numbers)
    sum += each;
  sink = sum;
  return sum + items[0].key + bits[1];
}

static int __attribute__((noinline)) tuples(int seed)
{
  std::pair<int, char> pair{ seed, 'p' };
  std::tuple<int, const char *, short> tuple{ seed, "tuple", 7 };
  std::array<std::array<short, 2>, 2> grid{ { { 1, 2 }, { 3, 4 } } };
  std::optional<int> some = seed, none;
  std::variant<int, const char *> either = "text";
  sink = std::get<0>(tuple);
  return pair.first + std::get<2>(tuple) + grid[1][0] + some.value_or(0) + none.value_or(5) + int(either.index());
}

static int __attribute__((noinline)) pointers(int seed)
{
  std::unique_ptr<Item> owned(new Item{ seed, "a name that is too long for its own buffer" });
  std::function<int(int)> call = [seed](int by) { return seed + by; };
  sink = owned->key;
  return owned->name.size() + call(2);
}

extern "C" int main()
{
  return vectors(1) + tuples(2) + pointers(3);
}
