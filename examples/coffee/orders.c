/* Orders live in a small pool (no malloc on this machine) and wait in a linked list. */
#include "orders.h"
#include <stddef.h>

const struct recipe recipes[DRINKS] = {
  [ESPRESSO]   = {"espresso",   8,  30,   0, 92},
  [DOPPIO]     = {"doppio",    16,  60,   0, 92},
  [LUNGO]      = {"lungo",      8, 110,   0, 90},
  [CAPPUCCINO] = {"cappuccino", 8,  30, 120, 94},
  [HOT_WATER]  = {"hot water",  0, 200,   0, 85},
};

enum { POOL_SIZE = 8 };
static struct order pool[POOL_SIZE];
static struct order *free_orders;
static unsigned last_number;

static struct order *pool_take(void) {
  if (!last_number) {
    for (int i = 0; i < POOL_SIZE; i++) {
      pool[i].next = free_orders;
      free_orders = &pool[i];
    }
  }
  struct order *order = free_orders;
  if (order) free_orders = order->next;
  return order;
}

static bool goes_before(const struct order *newcomer, const struct order *waiting) {
  return newcomer->in_a_hurry && !waiting->in_a_hurry;
}

/* Returns NULL when the book is full. */
struct order *order_place(struct queue *queue, const char *guest, enum drink drink, bool in_a_hurry) {
  struct order *order = pool_take();
  if (!order) return NULL;
  order->guest = guest;
  order->drink = drink;
  order->number = ++last_number;
  order->in_a_hurry = in_a_hurry;

  struct order **link = &queue->first;
  while (*link && !goes_before(order, *link)) link = &(*link)->next;
  order->next = *link;
  *link = order;
  queue->length++;
  return order;
}

struct order *order_take(struct queue *queue) {
  struct order *order = queue->first;
  if (!order) return NULL;
  queue->first = order->next;
  queue->length--;
  order->next = NULL;
  return order;
}

void order_done(struct order *order) {
  order->next = free_orders;
  free_orders = order;
}
