/* What a debugger reads of the modules of a Linux kernel: structures of its names, in another order; and a page of its
   tables, through which what no TLB entry maps is found. The code of the module is at hand already (MODULE_*). */

#define noinline __attribute__((noinline))

int seen[4], resume;

const char linux_banner[] = "Linux version 6.1.0 of a test";
struct thread_struct { unsigned long ksp; void *pgdir; };
struct task_struct { int pid; struct thread_struct thread; } init_task;

struct list_head { struct list_head *next, *prev; };
struct attribute { unsigned mode; const char *name; };
struct bin_attribute { unsigned long size; struct attribute attr; };
struct module_sect_attr { unsigned long address; struct bin_attribute battr; };
struct module_sect_attrs { unsigned nsections; struct module_sect_attr attrs[]; };
struct module { int state; char name[56]; struct module_sect_attrs *sect_attrs; struct list_head list; };
enum { LIVE, COMING, GOING, UNFORMED };

struct list_head modules = { &modules, &modules };

__asm__(".pushsection .module_text, \"ax\"\n\t.globl module_text\nmodule_text: .incbin \"" MODULE_TEXT "\"\n\t.popsection\n"
        ".pushsection .module_init, \"ax\"\n\t.globl module_init\nmodule_init: .incbin \"" MODULE_INIT "\"\n\t.popsection\n"
        ".pushsection .module_data, \"aw\"\n\t.globl module_data\nmodule_data: .incbin \"" MODULE_DATA "\"\n\t.popsection");
extern char module_text[], module_init[], module_data[];

static struct {
  struct module_sect_attrs head;
  struct module_sect_attr attrs[3];
} sections = { { 3 } };
static struct module ours;

noinline int do_init_module(struct module *module)
{
  int result = ((int (*)(void))module_init)();
  module->state = LIVE;
  return result;
}

noinline void free_module(struct module *module)
{
  module->list.prev->next = module->list.next;
  module->list.next->prev = module->list.prev;
}

/* Tables for pages of 4 KB: 0xd0001234 is where `paged` is, 0xd0002000 is mapped and not there. */
char empty_zero_page[4096];
unsigned long swapper_pg_dir[2048];
static unsigned long long entries[512] __attribute__((aligned(4096)));
char paged[4096] __attribute__((aligned(4096))) = "0123456789";
static unsigned long own_dir[2048];
static unsigned long long own_entries[512] __attribute__((aligned(4096)));

/* What the boot has mapped there is mapped no longer. */
static void unmap(unsigned long address)
{
  unsigned long entry;
  __asm__ volatile("tlbsx %0, 0, %1\n\ttlbwe %2, %0, 0\n\tisync" : "=&r"(entry) : "r"(address), "r"(0) : "memory");
}

static void map(void)
{
  unmap(0xd0000000u);
  unmap(0x40000000u);
  swapper_pg_dir[0xd0000000u >> 21] = (unsigned long)entries;
  entries[1] = (unsigned long)paged | 0x3f1;
  entries[2] = (unsigned long)paged | 0x3f0;
  entries[3] = 0x400000000ull | (unsigned long)paged | 1;
  own_dir[0x40000000u >> 21] = (unsigned long)own_entries;
  own_entries[7] = (unsigned long)paged | 1;
  init_task.thread.pgdir = own_dir;
  __asm__ volatile("mtsprg 3, %0" : : "r"(&init_task.thread));
}

noinline void placed(int at)
{
  __asm__ volatile("" : : : "memory");
  seen[0] = at;
}

int main(void)
{
  const char *names[3] = { ".text", ".init.text", ".data" };
  unsigned long places[3] = { (unsigned long)module_text, (unsigned long)module_init, (unsigned long)module_data };
  for (int n = 0; n < 3; n++) {
    sections.attrs[n].battr.attr.name = names[n];
    sections.attrs[n].address = places[n];
  }
  const char name[] = "the_module";
  for (unsigned n = 0; n < sizeof name; n++)
    ours.name[n] = name[n];
  map();
  ours.state = UNFORMED;
  ours.sect_attrs = &sections.head;
  ours.list.next = ours.list.prev = &modules;
  modules.next = modules.prev = &ours.list;
  placed(0);
  ours.state = COMING;
  do_init_module(&ours);
  placed(1);
  ((int (*)(int))module_text)(2);
  ours.state = GOING;
  free_module(&ours);
  /* What is there now may be another's. */
  ((int (*)(int))module_text)(9);
  placed(2);
  return 0;
}
