/* What a debugger reads of the processes of a Linux kernel: which program each executes, by the kernel's structures, in
   another order than a kernel has them; and the frame that a system call leaves. Its program is at hand (PROCESS). */

#define noinline __attribute__((noinline))

int seen[4], resume;

const char linux_banner[] = "Linux version 6.1.0 of a test";
struct qstr { unsigned hash; const char *name; };
struct dentry { struct qstr d_name; struct dentry *d_parent; };
struct path { void *mnt; struct dentry *dentry; };
struct file { int mode; struct path f_path; };
struct mm_struct { struct { void *pgd; struct file *exe_file; }; };
struct thread_struct { unsigned long ksp; void *pgdir; };
struct task_struct { int pid; struct mm_struct *mm; struct thread_struct thread; } init_task;

__asm__(".pushsection .process, \"awx\"\n\t.incbin \"" PROCESS "\"\n\t.popsection");

static struct dentry root = { { 0, "/" }, &root }, bin = { { 0, "bin" }, &root };
static struct dentry own = { { 0, "counter" }, &bin }, other = { { 0, "other" }, &bin };
static struct file files[2] = { { 0, { 0, &own } }, { 0, { 0, &other } } };
static struct mm_struct spaces[2] = { { { 0, &files[0] } }, { { 0, &files[1] } } };
struct task_struct tasks[2] = { { 10, &spaces[0] }, { 11, &spaces[1] } };

/* Called by the program, as a system call would be: its registers are kept, and the frame is marked. */
noinline int kernel_call(int number)
{
  __asm__ volatile("" : : : "memory");
  return seen[1] = number;
}
extern int enter(int number);
unsigned long entry_stack[512];
__asm__(".text\n\t.globl enter\n"
        "enter:\tlis 11, entry_stack + 2048 - 192@ha\n\taddi 11, 11, entry_stack + 2048 - 192@l\n"
        "\tstw 1, 0(11)\n\tstw 1, 20(11)\n\tstmw 13, 68(11)\n\tmflr 0\n\tstw 0, 144(11)\n\tstw 0, 160(11)\n"
        "\tlis 9, 0x5245\n\tori 9, 9, 0x4753\n\tstw 9, 8(11)\n\tli 9, 0x4000\n\tstw 9, 148(11)\n"
        "\tmr 1, 11\n\tbl kernel_call\n\tlwz 0, 160(1)\n\tmtlr 0\n\tlmw 13, 68(1)\n\tlwz 1, 0(1)\n\tblr\n"
        "\t.type enter, @function\n\t.size enter, . - enter\n");

static noinline void run(struct task_struct *task, int number)
{
  __asm__ volatile("mtsprg 3, %0" : : "r"(&task->thread) : "memory");
  ((int (*)(int, int (*)(int)))PROCESS_ENTRY)(number, enter);
}

int main(void)
{
  run(&tasks[1], 1);
  run(&tasks[0], 2);
  run(&tasks[1], 3);
  run(&tasks[0], 4);
  run(&init_task, 5);
  return 0;
}
