/* Who had what: a binary tree, walked by recursion. */
#include "guests.h"
#include "uart.h"
#include <stddef.h>

enum { MOST_GUESTS = 16 };
static struct guest book[MOST_GUESTS];
static unsigned known;
static struct guest *root;

static int compare(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a - *b;
}

static struct guest *find_or_add(struct guest **link, const char *name) {
  struct guest *guest = *link;
  if (!guest) {
    if (known == MOST_GUESTS) return NULL;
    guest = *link = &book[known++];
    guest->name = name;
    return guest;
  }
  int order = compare(name, guest->name);
  if (order == 0) return guest;
  return find_or_add(order < 0 ? &guest->left : &guest->right, name);
}

struct guest *guest_drinks(const char *name, enum drink drink) {
  struct guest *guest = find_or_add(&root, name);
  if (guest) guest->drinks[drink]++;
  return guest;
}

static unsigned depth(const struct guest *guest) {
  if (!guest) return 0;
  unsigned left = depth(guest->left);
  unsigned right = depth(guest->right);
  return 1 + (left > right ? left : right);
}

unsigned guests_depth(void) {
  return depth(root);
}

static void print_in_order(const struct guest *guest) {
  if (!guest) return;
  print_in_order(guest->left);
  print("  %8s", guest->name);
  for (int drink = 0; drink < DRINKS; drink++) {
    if (guest->drinks[drink]) print(" %u x %s", guest->drinks[drink], recipes[drink].name);
  }
  print("\n");
  print_in_order(guest->right);
}

void guests_print(void) {
  print_in_order(root);
}
