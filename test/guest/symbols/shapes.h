#ifndef SHAPES_H
#define SHAPES_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

enum color { RED, GREEN = 5, BLUE = -3 };
enum flags { F_READ = 1, F_WRITE = 2, F_EXEC = 4 };

struct point {
  int x, y;
};

struct bits {
  unsigned ready : 1;
  unsigned mode : 3;
  int level : 5;
  unsigned long long wide : 37;
  u16 tail;
};

union word {
  u32 word;
  u8 byte[4];
  float f;
};

struct node {
  struct node *next;
  const char *name;
  struct point at;
  union word value;
  enum color color;
  struct {
    u8 inner;
    struct point corners[2][3];
  };
  int (*compare)(const struct node *, const struct node *);
};

static inline int square(int value)
{
  int result = value * value;
  return result + (value > 3 ? 1 : 0);
}

int area(const struct point *a, const struct point *b);
int total(struct node *list);
extern struct node nodes[3];
extern volatile u32 ticks;
struct opaque;
extern struct opaque *secret;

#endif

#define HEADER_SIZE 42
#define HEADER_PAIR(a, b) ((a) * HEADER_SIZE + (b))
