#include "shapes.h"

static int calls;
struct opaque {
  int hidden;
};
static struct opaque the_secret = { 42 };
struct opaque *secret = &the_secret;

static int compare(const struct node *a, const struct node *b)
{
  return a->at.x - b->at.x;
}

struct node nodes[3] = {
  { &nodes[1], "first", { 1, 2 }, { 0x3f800000 }, GREEN, { 7, { { { 1, 2 } } } }, compare },
  { &nodes[2], "second", { 3, 4 }, { 0x40490fdb }, BLUE, { 8, { { { 3, 4 } } } }, compare },
  { 0, "third", { -5, 6 }, { 0xdeadbeef }, (enum color)77, { 9, { { { 5, 6 } } } }, 0 },
};

int area(const struct point *a, const struct point *b)
{
  int width = b->x - a->x;
  int height = b->y - a->y;

  calls++;
  return square(width) + square(height);
}

int total(struct node *list)
{
  int sum = 0;
  static int deepest;

  for (struct node *each = list; each; each = each->next) {
    struct point origin = { 0, 0 };
    int part = area(&origin, &each->at);
    {
      u8 part = (u8)sum;
      deepest += part;
    }
    sum += part;
  }
  return sum + deepest;
}
