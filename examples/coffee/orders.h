#pragma once
#include <stdbool.h>

enum drink { ESPRESSO, DOPPIO, LUNGO, CAPPUCCINO, HOT_WATER, DRINKS };

struct recipe {
  const char *name;
  unsigned beans_g;
  unsigned water_ml;
  unsigned milk_ml;
  int degrees; /* Celsius, at the group head */
};

extern const struct recipe recipes[DRINKS];

struct order {
  struct order *next;
  const char *guest;
  enum drink drink;
  unsigned number;
  bool in_a_hurry;
};

/* A queue of orders; those in a hurry overtake the others, but not each other. */
struct queue {
  struct order *first;
  unsigned length;
};

struct order *order_place(struct queue *queue, const char *guest, enum drink drink, bool in_a_hurry);
struct order *order_take(struct queue *queue);
void order_done(struct order *order);
