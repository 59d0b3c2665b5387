/* Variables and the stores that change them, or do not: each marked line is one. */
#include <string.h>

unsigned long long ticks = 0xffffffff00000000ULL;
struct packet { unsigned char header[4]; unsigned short length; unsigned short check; int payload[4]; } packet;
char name[16] = "abcdefgh";
int plain, other, state;

static int count_to(int n)
{
  volatile int local = 0;
  while (local < n)
    local++;                            /* local */
  return local;
}

static void set(int value)
{
  state = value;                        /* set */
}

int main(void)
{
  static const int values[8] = { 0, 0, 3, 3, 3, 5, 5, 7 };
  int sum = 0;
  *((unsigned *)&ticks + 1) += 1;       /* low word */
  packet.check = 5;                     /* member */
  packet.payload[2] = 9;                /* element */
  *(int *)name = 0x41424344;            /* over name[1] */
  memset(name, 0, sizeof name);         /* all of name */
  plain = 1;                            /* word */
  ((char *)&plain)[3] = 2;              /* byte */
  plain = 2;                            /* the same */
  other = plain;                        /* read */
  for (int i = 0; i < 8; i++)
    set(values[i]);
  sum = count_to(2) + count_to(3);
  return sum + other;
}
