#pragma once
#include "orders.h"

enum state { IDLE, HEATING, GRINDING, BREWING, FOAMING, SERVING, STATES };
enum event { TICK, ORDER, HOT, DONE, EVENTS };

struct boiler {
  int millidegrees;
  int heater_percent;
};

struct machine {
  enum state state;
  struct boiler boiler;
  struct queue queue;
  struct order *order; /* the one in the making */
  unsigned beans_g, water_ml, milk_ml;
  unsigned progress; /* of the present state: ticks, grams or millilitres */
  unsigned served;
};

extern const char *const state_names[STATES];

void machine_init(struct machine *machine);

/* One tick of the machine's life. */
void machine_step(struct machine *machine);
