/* What a debugger recognises a Linux kernel of before 5.10 by: its log has records one behind the other in one buffer. The
   members of a record stand in another order than a kernel has them: only debug information says where they are. */

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

/* What the start of the board's programs wants. */
int seen[4], resume;

const char linux_banner[] = "Linux version 4.19.0 of a test";
struct task_struct { int pid; } init_task;
__attribute__((noinline)) void panic(const char *format, ...) { seen[0]++; }

struct printk_log { u16 text_len, len; u8 facility, flags; u16 dict_len; u64 ts_nsec; };

#define BYTES 160
static char buffer[BYTES] __attribute__((aligned(8)));
char *log_buf = buffer;
u32 log_buf_len = BYTES;
static u64 log_first_seq = 0xfffffffe, log_next_seq = 0xfffffffe;
static u32 log_first_idx, log_next_idx;
static u64 now = 999999000;

static struct printk_log *at(u32 index)
{
  struct printk_log *record = (struct printk_log *)(log_buf + index);
  return record->len ? record : (struct printk_log *)log_buf;
}

/* Whether so many bytes and the header that ends the buffer are free behind the newest. */
static int fits(u32 size)
{
  u32 free;
  if (log_next_seq == log_first_seq || log_next_idx > log_first_idx)
    free = log_buf_len - log_next_idx > log_first_idx ? log_buf_len - log_next_idx : log_first_idx;
  else
    free = log_first_idx - log_next_idx;
  return free >= size + sizeof(struct printk_log);
}

static void record(const char *text, const char *dictionary)
{
  u32 length = 0, more = 0, size;
  while (text[length])
    length++;
  while (dictionary[more])
    more++;
  size = sizeof(struct printk_log) + length + more + 7 & ~7U;
  while (log_first_seq < log_next_seq && !fits(size)) {
    log_first_idx = (char *)at(log_first_idx) - log_buf + at(log_first_idx)->len;
    log_first_seq++;
  }
  if (log_next_idx + size + sizeof(struct printk_log) > log_buf_len) {
    ((struct printk_log *)(log_buf + log_next_idx))->len = 0;
    log_next_idx = 0;
  }
  struct printk_log *head = (struct printk_log *)(log_buf + log_next_idx);
  head->text_len = length;
  head->dict_len = more;
  for (u32 n = 0; n < length; n++)
    ((char *)(head + 1))[n] = text[n];
  for (u32 n = 0; n < more; n++)
    ((char *)(head + 1))[length + n] = dictionary[n];
  head->len = size;
  head->ts_nsec = now += 1234567;
  log_next_idx += size;
  log_next_seq++;
}

__attribute__((noinline)) void logged(void) { seen[1]++; }

int main(void)
{
  logged();
  record("first", "SUBSYSTEM=cpu");
  record("two\nlines", "");
  record("", "");
  logged();
  record("with \033[31mcolours", "");
  record("this lies at the beginning again", "");
  record("last", "");
  logged();
  return 0;
}
