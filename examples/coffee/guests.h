#pragma once
#include "orders.h"

/* A binary tree of guests by name, and what each has had. */
struct guest {
  struct guest *left, *right;
  const char *name;
  unsigned drinks[DRINKS];
};

struct guest *guest_drinks(const char *name, enum drink drink);
unsigned guests_depth(void);
void guests_print(void);
