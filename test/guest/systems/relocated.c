/* What a debugger reads of U-Boot: global data of its names, in another order, to which r2 leads; and functions that are
   executed before the move, after it, and both. */

typedef struct global_data {
  unsigned long reloc_off;
  unsigned long relocaddr;
  struct global_data *new_gd;
  unsigned long flags;
} gd_t;
enum { GD_FLG_RELOC = 1 };
register volatile gd_t *gd __asm__("r2");

#define noinline __attribute__((noinline))
void relocate_code(unsigned long stack, gd_t *new_gd, unsigned long to) __attribute__((noreturn));
extern char _start[];

/* In memory that is none of the program's. */
static gd_t *const later = (gd_t *)0xe1000;
int calls = 1;
int *pointer = &calls;
int both_times;

noinline int both(int by)
{
  int before = calls;
  calls += by;
  return before;
}

noinline void jump_to_copy(void)
{
  relocate_code(0xf8000, later, gd->relocaddr);
}

void board_init_f(void)
{
  both(1);
  gd->flags = 0;
  gd->relocaddr = 0x180000;
  gd->reloc_off = gd->relocaddr - (unsigned long)_start;
  *later = *gd;
  jump_to_copy();
}

noinline int do_bdinfo(int count)
{
  int sum = both(count);
  both_times = sum + *pointer;
  return both_times;
}

static int (*const commands[])(int) = { do_bdinfo };

void board_init_r(gd_t *new_gd, unsigned long to)
{
  gd = new_gd;
  gd->flags |= GD_FLG_RELOC;
  commands[0](4);
  commands[0](8);
}
