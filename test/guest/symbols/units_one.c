// Two files, each with its own `struct node`, `number` and `state`: this one has the list.
struct node {
  struct node *next;
  int value;
};
typedef short number;
enum state { IDLE, BUSY = 7 };

static struct node tail = { 0, 2 }, head = { &tail, 1 };
volatile number last;
volatile enum state state_one;

int sum_list(void)
{
  int sum = 0;
  for (struct node *each = &head; each; each = each->next)
    sum += each->value;
  last = (number)sum;
  state_one = BUSY;
  return sum;
}
