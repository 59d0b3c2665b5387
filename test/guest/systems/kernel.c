/* What a debugger recognises a Linux kernel by: its names, the functions in which it says that something is wrong, and a log
   in a ring. The members of the structures stand in another order than a kernel has them: only debug information says
   where they are. */

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

/* What the start of the board's programs wants. */
int seen[4], resume;

const char linux_banner[] = "Linux version 6.1.0 of a test";
struct task_struct { int pid; } init_task;
struct pt_regs { unsigned long msr, gpr[32], nip; };

typedef struct { int counter; } atomic_long_t;
struct printk_info { u32 caller_id; u16 text_len; u64 seq; u64 ts_nsec; };
struct prb_data_blk_lpos { unsigned long next, begin; };
struct prb_desc { struct prb_data_blk_lpos text_blk_lpos; atomic_long_t state_var; };
struct prb_desc_ring {
  atomic_long_t tail_id, head_id;
  struct printk_info *infos;
  struct prb_desc *descs;
  unsigned int count_bits;
};
struct prb_data_ring { char *data; unsigned int size_bits; };
struct printk_ringbuffer { struct prb_data_ring text_data_ring; struct prb_desc_ring desc_ring; };

enum { RESERVED, COMMITTED, FINALIZED, REUSABLE };
#define DESCS 8
#define BYTES 128
#define ID 0x3fffffffUL

static struct prb_desc descs[DESCS] = { [DESCS - 1] = { .state_var = { (int)(3UL << 30) } } };
static struct printk_info infos[DESCS];
static char data[BYTES] __attribute__((aligned(4)));
static struct printk_ringbuffer ring = {
  { data, 7 },
  { { (int)(0UL - DESCS & ID) }, { (int)(0UL - DESCS & ID) }, infos, descs, 3 },
};
struct printk_ringbuffer *prb = &ring;

static unsigned long id = 0UL - DESCS, position;
static u64 now = 999999000;

/* A record with a state; a text of no length has no block, a lost one neither. */
static void record(int state, const char *text, int is_lost)
{
  unsigned long length = 0, begin = position, at, size;
  while (text[length])
    length++;
  id = id + 1 & ID;
  struct prb_desc *desc = &descs[id % DESCS];
  struct printk_info *info = &infos[id % DESCS];
  if (length == 0 || is_lost) {
    desc->text_blk_lpos.begin = desc->text_blk_lpos.next = is_lost ? 1 : 3;
  } else {
    size = 4 + length + 3 & ~3UL;
    /* What does not fit before the end lies at the beginning. */
    at = begin % BYTES + size > BYTES ? 0 : begin % BYTES;
    position = begin - begin % BYTES + (at == 0 && begin % BYTES ? BYTES : 0) + at + size;
    *(unsigned long *)(data + at) = id;
    for (unsigned long n = 0; n < length; n++)
      data[at + 4 + n] = text[n];
    desc->text_blk_lpos.begin = begin;
    desc->text_blk_lpos.next = position;
  }
  info->text_len = length;
  info->ts_nsec = now += 1234567;
  desc->state_var.counter = (int)((unsigned long)state << 30 | id);
  ring.desc_ring.head_id.counter = (int)id;
  if ((id - (unsigned long)ring.desc_ring.tail_id.counter & ID) >= DESCS)
    ring.desc_ring.tail_id.counter = (int)(id - DESCS + 1 & ID);
}

__attribute__((noinline)) void panic(const char *format, ...) { seen[0]++; }
__attribute__((noinline)) void die(const char *text, struct pt_regs *regs, long error) { seen[0]++; }
__attribute__((noinline)) void __warn(const char *file, int line, void *caller, unsigned taint, struct pt_regs *regs, void *args)
{
  seen[0]++;
}

__attribute__((noinline)) void logged(void) { seen[1]++; }

extern char trapped[];
__asm__(".text\n\t.globl trapped\ntrapped:\ttwi 31, 0, 0\n\tblr");

int main(void)
{
  static struct pt_regs regs;
  logged();
  record(FINALIZED, "long gone", 0);
  record(FINALIZED, "first", 0);
  record(COMMITTED, "two\nlines", 0);
  logged();
  record(FINALIZED, "", 0);
  record(RESERVED, "being written", 0);
  record(FINALIZED, "lost", 1);
  record(FINALIZED, "a line with \033[31mcolours, as long as it gets", 0);
  record(FINALIZED, "this one lies at the beginning again", 0);
  record(FINALIZED, "last", 0);
  logged();
  regs.nip = (unsigned long)main;
  die("Kernel access of bad area", &regs, 11);
  regs.nip = (unsigned long)trapped;
  die("Exception in kernel mode", &regs, 5);
  __warn("kernel/test.c", 123, main, 9, 0, 0);
  __warn(0, 0, main, 9, 0, 0);
  panic("%s died: %d%%, %-5u|%05x|%llx %c", "init", -7, 42, 0xbeef, 0x123456789abcULL, 'x');
  panic("no %pS for %d", main, 1);
  return 0;
}
