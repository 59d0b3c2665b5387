/* What a debugger reads of the tasks of FreeRTOS: its structures and lists, and tasks that take turns on the core with the
   registers of who waits on its stack, as the port for the 440 has them. Members stand in another order than FreeRTOS has
   them, but for the stack pointer: only debug information says where they are. */

#define noinline __attribute__((noinline))

/* What the start of the board's programs wants. */
int seen[4], resume;

struct xLIST;
typedef struct xLIST_ITEM {
  void *pvOwner;
  struct xLIST_ITEM *pxPrevious, *pxNext;
  struct xLIST *pxContainer;
  unsigned xItemValue;
} ListItem_t;
typedef struct xLIST { unsigned uxNumberOfItems; ListItem_t *pxIndex; ListItem_t xListEnd; } List_t;
typedef struct tskTaskControlBlock {
  unsigned *pxTopOfStack;
  char pcTaskName[12];
  unsigned uxPriority;
  ListItem_t xEventListItem, xStateListItem;
} TCB_t;

TCB_t *pxCurrentTCB;
static List_t pxReadyTasksLists[3], xDelayedTaskList1, xSuspendedTaskList, xTasksWaitingTermination, events;
static volatile int xSchedulerRunning;
/* By these the port is known. */
void vPortTickISR(void) {}
void vPortISRWrapper(void) {}

extern void vPortStartFirstTask(void), vPortYield(void), vPortEndScheduler(void);
__asm__(".text\n"
        "\t.globl vPortEndScheduler\nvPortEndScheduler:\n1:\tb 1b\n"
        "\t.type vPortEndScheduler, @function\n\t.size vPortEndScheduler, . - vPortEndScheduler\n"
        "\t.globl vPortYield\nvPortYield:\n\tstwu 1, -160(1)\n\tstw 0, 36(1)\n\tstw 2, 40(1)\n\tstmw 3, 44(1)\n"
        "\tmflr 0\n\tstw 0, 12(1)\n\tstw 0, 16(1)\n\tmfcr 0\n\tstw 0, 28(1)\n"
        "\tlis 4, pxCurrentTCB@ha\n\tlwz 4, pxCurrentTCB@l(4)\n\tstw 1, 0(4)\n\tbl vTaskSwitchContext\n"
        "\t.globl vPortStartFirstTask\nvPortStartFirstTask:\n"
        "\tlis 4, pxCurrentTCB@ha\n\tlwz 4, pxCurrentTCB@l(4)\n\tlwz 1, 0(4)\n"
        "\tlwz 0, 28(1)\n\tmtcrf 0xff, 0\n\tlwz 0, 12(1)\n\tmtctr 0\n\tlwz 0, 16(1)\n\tmtlr 0\n"
        "\tlmw 3, 44(1)\n\tlwz 0, 36(1)\n\tlwz 2, 40(1)\n\taddi 1, 1, 160\n\tbctr\n"
        "\t.type vPortYield, @function\n\t.size vPortYield, . - vPortYield\n");

static void empty(List_t *list)
{
  list->xListEnd.pxNext = list->xListEnd.pxPrevious = &list->xListEnd;
}

static void add(ListItem_t *item, List_t *list)
{
  item->pxNext = &list->xListEnd;
  item->pxPrevious = list->xListEnd.pxPrevious;
  list->xListEnd.pxPrevious->pxNext = item;
  list->xListEnd.pxPrevious = item;
  item->pxContainer = list;
}

static void move(TCB_t *task, List_t *list)
{
  ListItem_t *item = &task->xStateListItem;
  item->pxPrevious->pxNext = item->pxNext;
  item->pxNext->pxPrevious = item->pxPrevious;
  add(item, list);
}

enum { LOW, HIGH, TIMED, WAITING, ASIDE, GONE, TASKS };
static unsigned stacks[TASKS][256];
TCB_t tasks[TASKS];
static TCB_t *next;

static void create(int n, const char *name, int priority, void (*body)(int))
{
  TCB_t *task = &tasks[n];
  unsigned *frame = &stacks[n][256 - 40 - 8];
  for (int i = 0; i < 11 && name[i]; i++)
    task->pcTaskName[i] = name[i];
  task->uxPriority = priority;
  task->xStateListItem.pvOwner = task->xEventListItem.pvOwner = task;
  add(&task->xStateListItem, &pxReadyTasksLists[priority]);
  frame[3] = (unsigned)body;
  frame[4] = (unsigned)vPortEndScheduler;
  frame[11] = n; /* r3 */
  task->pxTopOfStack = frame;
  pxCurrentTCB = task;
}

noinline void stopped(int at) { seen[0] = at; }
void vTaskSwitchContext(void) { pxCurrentTCB = next; }

static noinline void yields(TCB_t *to)
{
  next = to;
  vPortYield();
}

static noinline int waits(int n, int depth)
{
  int waited = n * 10 + depth;
  if (depth == 0)
    yields(&tasks[LOW]);
  else
    waited += waits(n, depth - 1);
  seen[1] = waited; /* waited */
  return waited;
}

static noinline void waiter(int n)
{
  seen[2] = waits(n, 2);
  yields(&tasks[LOW]);
}

static noinline void worker(int n)
{
  int turns = n;
  for (;;) {
    turns++;
    stopped(turns);
    if (turns == 2)
      yields(&tasks[TIMED]);
  }
}

int main(void)
{
  stopped(-3);
  for (int n = 0; n < 3; n++)
    empty(&pxReadyTasksLists[n]);
  empty(&xDelayedTaskList1);
  empty(&xSuspendedTaskList);
  empty(&events);
  create(LOW, "low", 0, worker);
  create(TIMED, "timed", 1, waiter);
  create(WAITING, "waiting", 1, waiter);
  create(ASIDE, "aside", 1, waiter);
  create(HIGH, "high", 2, waiter);
  stopped(-2);
  move(&tasks[TIMED], &xDelayedTaskList1);
  move(&tasks[WAITING], &xSuspendedTaskList);
  add(&tasks[WAITING].xEventListItem, &events);
  move(&tasks[ASIDE], &xSuspendedTaskList);
  create(GONE, "gone", 0, waiter);
  empty(&xTasksWaitingTermination);
  move(&tasks[GONE], &xTasksWaitingTermination);
  pxCurrentTCB = &tasks[HIGH];
  xSchedulerRunning = 1;
  vPortStartFirstTask();
  return 0;
}
