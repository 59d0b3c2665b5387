/* What a debugger reads of the processes of a Linux kernel that execute position-independent programs: what of which file is
   mapped where in each address space, by the kernel's structures, in another order and of other sizes than a kernel has them.
   Program and library are at hand, at two places each (see buildMapped() of test/support/guest.ts). */

#define noinline __attribute__((noinline))

int seen[4], resume;

const char linux_banner[] = "Linux version 6.1.0 of a test";
char empty_zero_page[4096];
unsigned long swapper_pg_dir[2048];

struct list_head { struct list_head *next, *prev; };
struct qstr { unsigned hash; const char *name; };
struct dentry { struct qstr d_name; struct dentry *d_parent; };
struct path { void *mnt; struct dentry *dentry; };
struct file { int mode; struct path f_path; };
struct vm_area_struct {
  unsigned long vm_pgoff;
  struct { unsigned long vm_end, vm_start; };
  struct file *vm_file;
#ifdef LIST
  struct vm_area_struct *vm_next;
#endif
};
#ifndef LIST
struct maple_tree { unsigned ma_flags; void *ma_root; };
struct maple_range_64 { void *parent; unsigned long pivot[3]; void *slot[4]; };
struct maple_arange_64 { void *parent; unsigned long pivot[2]; void *slot[3]; unsigned long gap[3]; };
#endif
struct mm_struct {
  struct {
    void *pgd;
    struct file *exe_file;
#ifdef LIST
    struct vm_area_struct *mmap;
#else
    struct maple_tree mm_mt;
#endif
  };
};
struct thread_struct { unsigned long ksp; void *pgdir; };
struct task_struct {
  int pid;
  struct mm_struct *mm;
  struct list_head tasks;
  struct thread_struct thread;
} init_task = { 0, 0, { &init_task.tasks, &init_task.tasks } };

static struct dentry root = { { 0, "/" }, &root }, bin = { { 0, "bin" }, &root }, lib = { { 0, "lib" }, &root };
static struct dentry movable = { { 0, "movable" }, &bin }, other = { { 0, "other" }, &bin }, library = { { 0, "lib.so" }, &lib };
static struct file files[3] = { { 0, { 0, &movable } }, { 0, { 0, &other } }, { 0, { 0, &library } } };

/* A heap, the program, its stack, and the library, of each address space. */
#define AREAS(place, file) \
  { { 0, { place - 0x1000, place - 0x3000 }, 0 }, { PROGRAM_PAGE, { place + 0x2000, place + PROGRAM_AT }, file }, \
    { 0, { place + 0x6000, place + 0x5000 }, 0 }, { LIBRARY_PAGE, { place + 0x22000, place + 0x20000 + LIBRARY_AT }, &files[2] } }
static struct vm_area_struct areas[4][4] = { AREAS(0x340000, &files[0]), AREAS(0x340000, &files[1]), AREAS(0x380000, &files[0]),
                                             AREAS(0x380000, &files[0]) };
static struct mm_struct spaces[4] = { { { 0, &files[0] } }, { { 0, &files[1] } }, { { 0, &files[0] } }, { { 0, &files[0] } } };
struct task_struct tasks[4] = { { 10, &spaces[0] }, { 11, &spaces[1] }, { 12, &spaces[2] }, { 13, &spaces[3] } };

static void add(struct task_struct *task)
{
  struct list_head *head = &init_task.tasks;
  task->tasks.next = head;
  task->tasks.prev = head->prev;
  head->prev->next = &task->tasks;
  head->prev = &task->tasks;
}

static void take(struct task_struct *task)
{
  task->tasks.prev->next = task->tasks.next;
  task->tasks.next->prev = task->tasks.prev;
}

/* A program begins in this space, with so many areas. */
static void map(int n, int count)
{
#ifdef LIST
  for (int i = 0; i < count; i++) {
    areas[n][i].vm_next = i + 1 < count ? &areas[n][i + 1] : 0;
  }
  spaces[n].mmap = areas[n];
#else
  /* Three leaves below a node; behind what they have lies what they had. */
  static struct maple_range_64 leaves[4][3][8] __attribute__((aligned(256)));
  static struct { struct maple_arange_64 node; char rest[256 - sizeof(struct maple_arange_64)]; } nodes[4]
    __attribute__((aligned(256)));
  static struct vm_area_struct gone = { LIBRARY_PAGE, { 0x3a0000, 0x390000 }, &files[2] };
  struct vm_area_struct *area = areas[n];
  struct maple_range_64 *low = &leaves[n][0][0], *middle = &leaves[n][1][0], *high = &leaves[n][2][0];
  struct maple_arange_64 *node = &nodes[n].node;
  /* Ended by the last address that it is about. */
  low->pivot[0] = area[0].vm_start - 1;
  low->pivot[1] = area[0].vm_end - 1;
  low->slot[1] = &area[0];
  low->pivot[2] = area[0].vm_end + 0xfff;
  low->slot[2] = &gone;
  low->slot[3] = &gone;
  /* Full. */
  middle->pivot[0] = area[1].vm_start - 1;
  middle->pivot[1] = area[1].vm_end - 1;
  middle->slot[1] = &area[1];
  middle->pivot[2] = area[2].vm_start - 1;
  middle->slot[3] = &area[2];
  /* Ended by nothing. */
  high->pivot[0] = area[3].vm_start - 1;
  high->pivot[1] = area[3].vm_end - 1;
  high->slot[1] = count > 3 ? &area[3] : 0;
  high->slot[3] = &gone;
  node->pivot[0] = area[0].vm_end - 1;
  node->pivot[1] = area[2].vm_end - 1;
  node->slot[0] = (char *)low + (1 << 3) + 2;
  node->slot[1] = (char *)middle + (1 << 3) + 2;
  node->slot[2] = (char *)high + (1 << 3) + 2;
  spaces[n].mm_mt.ma_root = (char *)&nodes[n] + (3 << 3) + 2;
#endif
}

static noinline void be(struct task_struct *task)
{
  __asm__ volatile("mtsprg 3, %0" : : "r"(&task->thread) : "memory");
}

noinline void start_thread(int number)
{
  __asm__ volatile("" : : "r"(number) : "memory");
}

noinline void mprotect_fixup(int number)
{
  __asm__ volatile("" : : "r"(number) : "memory");
}

noinline int kernel_call(int number)
{
  return seen[1] = number;
}

static noinline void run(int n, unsigned long place, int number)
{
  be(&tasks[n]);
  ((int (*)(int, void *, void *))(place + PROGRAM_ENTRY))(number, (void *)(place + 0x20000 + LIBRARY_ENTRY), kernel_call);
}

int main(void)
{
  add(&tasks[0]);
  map(0, 4);
  be(&tasks[0]);
  start_thread(0);
  add(&tasks[1]);
  map(1, 4);
  be(&tasks[1]);
  start_thread(1);
  run(1, 0x340000, 1);
  run(0, 0x340000, 2);
  add(&tasks[2]);
  map(2, 3);
  be(&tasks[2]);
  start_thread(2);
  map(2, 4);
  mprotect_fixup(2);
  run(2, 0x380000, 3);
  run(0, 0x340000, 4);
  take(&tasks[0]);
  be(&tasks[2]);
  mprotect_fixup(2);
  run(2, 0x380000, 5);
  /* It has forked, and ends. */
  map(3, 4);
  add(&tasks[3]);
  take(&tasks[2]);
  be(&tasks[1]);
  mprotect_fixup(1);
  run(3, 0x380000, 6);
  return 0;
}
