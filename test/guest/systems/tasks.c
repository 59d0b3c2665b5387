/* What a debugger reads of the tasks of a Linux kernel: structures of the kernel's names, laid in lists as it lays them,
   and tasks that take turns on the core as its _switch() has it. Members stand in another order than a kernel has them:
   only debug information says where they are. */

#define noinline __attribute__((noinline))

/* What the start of the board's programs wants. */
int seen[4], resume;

const char linux_banner[] = "Linux version 6.1.0 of a test";

struct list_head { struct list_head *next, *prev; };
struct pt_regs {
  union {
    struct { unsigned long gpr[32], nip, msr, orig_gpr3, ctr, link, xer, ccr, softe, trap, dar, dsisr, result; };
    unsigned long user_regs[44];
  };
};
struct thread_struct { unsigned long ksp; void *regs; };
union thread_union { unsigned long stack[1024]; };
struct signal_struct { int users; struct list_head thread_head; };
struct task_struct {
  int exit_state, pid, tgid;
  char comm[16];
  struct { struct list_head tasks, thread_node; };
  struct signal_struct *signal;
  unsigned int __state;
  void *stack;
  struct thread_struct thread;
};

#define FRAME 192 /* a header of 16 bytes, and pt_regs */
_Static_assert(sizeof(struct pt_regs) == FRAME - 16, "as _switch has it");
extern void _switch(struct thread_struct *from, struct thread_struct *to);
__asm__(".text\n\t.globl _switch\n"
        "_switch:\n\tstwu 1, -192(1)\n\tmflr 0\n\tstw 0, 196(1)\n\tstmw 13, 68(1)\n\tstw 0, 144(1)\n\tmfcr 0\n\tstw 0, 168(1)\n"
        "\tstw 1, 0(3)\n\tmtsprg 3, 4\n\tlwz 1, 0(4)\n\tlwz 0, 168(1)\n\tmtcrf 0xff, 0\n\tlmw 13, 68(1)\n\tlwz 0, 144(1)\n"
        "\tmtlr 0\n\taddi 1, 1, 192\n\tblr\n"
        "\t.type _switch, @function\n\t.size _switch, . - _switch\n"
        "\t.globl ret_from_fork\nret_from_fork:\n\tmtctr 14\n\tmr 3, 15\n\tbctrl\n\ttrap\n"
        "\t.type ret_from_fork, @function\n\t.size ret_from_fork, . - ret_from_fork\n");
extern char ret_from_fork[];

/* As the kernel's entry code does it: registers on the stack at hand, or on another one, and a mark in the frame. */
unsigned long entry_stack[256], msr_then;
extern int entry(int way, int kept);
extern struct task_struct init_task;
static void run(struct task_struct *next);
static int waits;
noinline int handler(int way)
{
  seen[3] = way;
  if (waits) {
    waits = 0;
    run(&init_task);
  }
  return way;
}
__asm__(".text\n\t.globl entry\n"
        "entry:\tcmpwi 3, 0\n\tmr 11, 1\n\tbeq 1f\n\tlis 11, entry_stack + 1024@ha\n\taddi 11, 11, entry_stack + 1024@l\n"
        "1:\taddi 11, 11, -192\n\tstw 1, 0(11)\n\tstw 1, 20(11)\n\tstmw 13, 68(11)\n\tmflr 0\n\tstw 0, 144(11)\n"
        "\tlis 9, msr_then@ha\n\tlwz 9, msr_then@l(9)\n\tstw 9, 148(11)\n"
        "\tstw 0, 160(11)\n\tlis 9, 0x5245\n\tori 9, 9, 0x4753\n\tstw 9, 8(11)\n\tmr 1, 11\n\tli 31, -1\n\tbl handler\n"
        "\tlwz 0, 160(1)\n\tmtlr 0\n\tlmw 13, 68(1)\n\tlwz 1, 0(1)\n\tblr\n"
        "\t.type entry, @function\n\t.size entry, . - entry\n");

static noinline int struck(int way, int kept)
{
  kept = kept * 100 + way;
  entry(way, kept);
  seen[1] = kept;
  return kept + 1;
}

#define SELF(list) { &(list), &(list) }
static struct signal_struct init_signals = { 1, SELF(init_signals.thread_head) };
struct task_struct init_task = {
  .comm = "swapper", .tasks = SELF(init_task.tasks), .signal = &init_signals, .thread_node = SELF(init_signals.thread_head),
};
enum { SHELL, WORKER, DAEMON, NEW, GONE, USER, TASKS };
static union thread_union stacks[TASKS];
static struct signal_struct signals[TASKS];
struct task_struct others[TASKS];
static struct task_struct *current = &init_task;

static void add(struct list_head *item, struct list_head *head)
{
  item->next = head;
  item->prev = head->prev;
  head->prev->next = item;
  head->prev = item;
}

static void create(int n, int pid, int tgid, const char *name, void (*body)(int))
{
  struct task_struct *task = &others[n];
  struct pt_regs *regs = (struct pt_regs *)((char *)&stacks[n + 1] - 64 - sizeof *regs);
  task->pid = pid;
  task->tgid = tgid;
  for (int i = 0; i < 15 && name[i]; i++)
    task->comm[i] = name[i];
  task->stack = &stacks[n];
  regs->nip = (unsigned long)ret_from_fork;
  regs->gpr[14] = (unsigned long)body;
  regs->gpr[15] = pid;
  task->thread.ksp = (unsigned long)regs - 16;
  if (pid == tgid) {
    task->signal = &signals[n];
    signals[n].thread_head.next = signals[n].thread_head.prev = &signals[n].thread_head;
    add(&task->tasks, &init_task.tasks);
  } else {
    task->signal = others[SHELL].signal;
  }
  add(&task->thread_node, &task->signal->thread_head);
}

static noinline void run(struct task_struct *next)
{
  struct task_struct *before = current;
  current = next;
  _switch(&before->thread, &next->thread);
}

noinline void stopped(int at) { seen[0] = at; }

static noinline int asks(int pid, int depth)
{
  int asked = pid * 1000 + depth;
  if (depth == 0) {
    current->__state = pid == 57 ? 1 : 0x402;
    run(&init_task);
  } else {
    asked += asks(pid, depth - 1);
  }
  seen[1] = asked; /* asked */
  return asked;
}

static noinline void sleeper(int pid)
{
  int given = asks(pid, 2);
  seen[2] = given;
  run(&init_task);
}

/* It waits in a system call: below its entry is a program, in another address space. */
static noinline void calls(int pid)
{
  msr_then = 0x4000;
  waits = 1;
  entry(0, pid);
  seen[3] = pid;
}

static noinline void works(int pid)
{
  int turns = 0;
  for (;;) {
    turns++; /* works */
    stopped(turns);
    run(&init_task);
  }
}

int main(void)
{
  init_task.stack = (char *)__builtin_frame_address(0) - sizeof(union thread_union) / 2;
  __asm__ volatile("mtsprg 3, %0" : : "r"(&init_task.thread));
  struck(0, 7);
  struck(1, 8);
  msr_then = 0x4000;
  struck(1, 9);
  create(SHELL, 57, 57, "sh", sleeper);
  create(WORKER, 58, 57, "sh: worker\n", works);
  create(DAEMON, 12, 12, "kworker/0:1", sleeper);
  create(NEW, 60, 60, "new", works);
  create(GONE, 61, 61, "gone", works);
  create(USER, 70, 70, "user", calls);
  others[GONE].exit_state = 0x20;
  others[GONE].stack = 0;
  stopped(-1);
  run(&others[SHELL]);
  run(&others[DAEMON]);
  run(&others[USER]);
  run(&others[WORKER]);
  stopped(-2);
  run(&others[SHELL]); /* the shell goes on */
  return seen[2];
}
