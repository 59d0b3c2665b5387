// Structures whose bytes lie in the other order than the processor's, as those of a bus or a file have them.
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

#define LITTLE __attribute__((packed, scalar_storage_order("little-endian")))

struct LITTLE descriptor {
  u16 vendor;
  u32 length;
  int neg : 5;
  u32 rest : 11;
  float ratio;
  double wide;
  int list[2];
  struct LITTLE {
    short inner;
  } part;
  char letter;
  u64 address;
  u32 low : 20, high : 12;
  _Complex float turn;
};

struct descriptor first = { 0x1234, 0xdeadbeef, -3, 0x555, 1.25f, -2.5, { 1, -2 }, { 7 }, 'x', 0x1122334455667788, 0xabcde, 0x123, 1.0f + 2.0fi };
struct descriptor second;
volatile int sink;

int main(void)
{
  second = first;
  sink = second.length;
  return sink;
}
