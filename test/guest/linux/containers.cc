// Every container that has a formatter, in the states that programs leave them in.
#include <array>
#include <bitset>
#include <cstdio>
#include <cstring>
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <span>
#include <stack>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

struct Point {
  int x;
  double y;
};
struct Item {
  int key;
  std::string name;
  std::vector<short> sizes;
};
enum Color { RED, GREEN = 5 };

/** Where a debugger stops, and looks at its caller. */
static int __attribute__((noinline)) look(const char *where)
{
  asm volatile("" : : "r"(where) : "memory");
  return 1;
}

static int __attribute__((noinline)) sequences(int seed)
{
  std::vector<int> numbers{ seed, 2, 3 };
  std::vector<int> none, moved{ 4, 5 };
  std::vector<int> taken = std::move(moved);
  std::vector<Item> items{ { seed, "first", { 1, 2 } }, { 2, "second", {} } };
  std::vector<std::vector<std::string>> words{ { "a", "b" }, {}, { "a name that is too long for its own buffer" } };
  std::vector<bool> bits(70, false), noBits;
  bits[3] = bits[64] = true;
  std::vector<double> many(5000, 0.5);
  many[4999] = seed;
  std::array<std::array<short, 2>, 2> grid{ { { 1, 2 }, { 3, 4 } } };
  std::array<Item, 1> one{ { { 7, "seven", { 7 } } } };
  std::array<int, 0> nothing{};
  std::deque<int> queue, empty;
  for (int i = 0; i < 300; i++)
    queue.push_back(i), queue.push_front(-i);
  for (int i = 0; i < 150; i++)
    queue.pop_front();
  std::deque<std::array<char, 600>> large(2);
  std::list<int> list{ seed, 2, 3 }, noList;
  std::list<long double> wide{ 1.5L, 2.5L };
  std::forward_list<Point> forward{ { 1, 1.5 }, { 2, 2.5 } }, noForward;
  std::stack<int> stack;
  stack.push(seed);
  std::queue<int> waiting;
  waiting.push(seed);
  std::priority_queue<int> first;
  first.push(seed);
  std::bitset<5> few(0b10110);
  std::bitset<70> flags;
  flags[0] = flags[69] = true;
  std::bitset<0> noFlags;
  std::span<int> part(numbers.data() + 1, 2), noPart;
  std::span<const short, 2> fixed(grid[1]);
  const std::vector<int> &same = numbers;
  std::vector<int> *pointer = &numbers;
  int sum = numbers[0] + many.size() + list.size() + same[1] + (*pointer)[2] + grid[1][1] + one[0].key;
  return sum + look("sequences");
}

static int __attribute__((noinline)) texts(int seed)
{
  std::string brief = "short", none, text = "a name that is too long for its own buffer";
  std::string moved = "another name that is too long for its own buffer";
  std::string taken = std::move(moved);
  std::string zeros("a\0b", 3), quoted = "say \"hi\"\n\t\\";
  std::string longest(1000, 'x');
  std::wstring wide = L"wide \u00e9";
  std::u16string sixteen = u"sixteen \U0001F600";
  std::u32string thirtyTwo = U"thirty-two";
  std::string_view view = std::string_view(text).substr(2, 4), noView;
  return brief.size() + taken.size() + view.size() + seed + look("texts");
}

static int __attribute__((noinline)) trees(int seed)
{
  std::map<std::string, int> ages{ { "Ada", 36 }, { "Grace", 85 }, { "", seed } };
  std::map<int, Item> items{ { 3, { 3, "three", { 3 } } }, { 1, { 1, "one", {} } } };
  std::map<Color, bool> colors{ { RED, true }, { GREEN, false } };
  std::map<std::pair<int, int>, const char *> cells{ { { 1, 2 }, "a" }, { { 3, 4 }, "b" } };
  std::map<int, int> none, many;
  for (int i = 0; i < 500; i++)
    many[i * 7 % 500] = i;
  std::map<double, int> reals{ { 0.1, 1 }, { 1e30, 2 } };
  std::multimap<int, std::string> several{ { 1, "one" }, { 1, "uno" }, { 2, "two" } };
  std::set<char> letters{ 'c', 'a', 'b' };
  std::set<long double> wide{ 2.5L, 1.5L };
  std::multiset<int> twice{ 2, 1, 2 };
  std::unordered_map<std::string, Point> points{ { "origin", { 0, 0 } }, { "unit", { seed, 1 } } };
  std::unordered_map<int, double> doubles{ { 1, 1.5 }, { 2, 2.5 }, { 3, 3.5 } };
  std::unordered_multimap<int, int> pairs{ { 1, 1 }, { 1, 2 } };
  std::unordered_set<std::string> names{ "x", "y" };
  std::unordered_multiset<int> numbers{ 4, 4 };
  std::unordered_set<int> noNumbers;
  return ages.size() + many.size() + points.size() + look("trees");
}

static int __attribute__((noinline)) single(int seed)
{
  std::unique_ptr<Item> owned(new Item{ seed, "owned", { 1 } }), nobody;
  std::unique_ptr<int[]> block(new int[3]{ 1, 2, 3 });
  std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(nullptr, std::fclose);
  std::shared_ptr<Item> shared = std::make_shared<Item>(Item{ 2, "shared", {} }), other = shared, empty;
  std::weak_ptr<Item> weak = shared, expired;
  {
    std::shared_ptr<Item> soon = std::make_shared<Item>();
    expired = soon;
  }
  std::shared_ptr<int> number(new int(seed));
  std::optional<int> some = seed, none;
  std::optional<Item> item = Item{ 9, "nine", { 9, 9 } };
  std::optional<std::string> text = "text";
  std::tuple<int, const char *, short> tuple{ seed, "tuple", 7 };
  std::tuple<> nothing;
  std::tuple<Item, std::tuple<int>> nested{ { 1, "in", {} }, { 5 } };
  std::pair<int, std::string> pair{ seed, "pair" };
  std::variant<int, std::string, Item> number2 = seed, word = "word", thing = Item{ 4, "four", { 4 } };
  std::variant<char, double> real = 2.5;
  std::variant<std::monostate, Point> nothingYet;
  std::vector<std::unique_ptr<int>> pointers;
  pointers.push_back(std::make_unique<int>(5));
  pointers.push_back(nullptr);
  int sum = owned->key + block[1] + *number + some.value_or(0) + item->key + std::get<0>(tuple) + *pointers[0];
  return sum + look("single");
}

int main()
{
  return (sequences(1) + texts(1) + trees(1) + single(1)) & 0x7f;
}
