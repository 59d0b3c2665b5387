/* The coffee machine: a table says what each event does in each state, small functions do it. */
#include "machine.h"
#include "guests.h"
#include "timer.h"
#include "uart.h"
#include <stddef.h>

const char *const state_names[STATES] = {"idle", "heating", "grinding", "brewing", "foaming", "serving"};

typedef enum state action(struct machine *machine);

static const struct recipe *recipe(const struct machine *machine) {
  return &recipes[machine->order->drink];
}

/* A thermostat with some manners: full power when far away, less when near. */
static void boiler_step(struct boiler *boiler, int target_degrees) {
  int missing = target_degrees * 1000 - boiler->millidegrees;
  boiler->heater_percent = missing > 10000 ? 100 : missing > 0 ? missing / 100 : 0;
  boiler->millidegrees += boiler->heater_percent * 90 - (boiler->millidegrees - 20000) / 50;
}

static enum state start(struct machine *machine) {
  machine->order = order_take(&machine->queue);
  return machine->order ? HEATING : IDLE;
}

static enum state heat(struct machine *machine) {
  boiler_step(&machine->boiler, recipe(machine)->degrees + 2);
  return HEATING;
}

static enum state hot(struct machine *machine) {
  return recipe(machine)->beans_g ? GRINDING : BREWING;
}

static enum state grind(struct machine *machine) {
  machine->beans_g -= 2;
  machine->progress += 2;
  return GRINDING;
}

static enum state brew(struct machine *machine) {
  boiler_step(&machine->boiler, recipe(machine)->degrees);
  machine->water_ml -= 10;
  machine->progress += 10;
  return BREWING;
}

static enum state foam(struct machine *machine) {
  machine->milk_ml -= 30;
  machine->progress += 30;
  return FOAMING;
}

static enum state pour(struct machine *machine) {
  (void)machine;
  return BREWING;
}

static enum state finish(struct machine *machine) {
  return machine->state == BREWING && recipe(machine)->milk_ml ? FOAMING : SERVING;
}

static enum state serve(struct machine *machine) {
  struct order *order = machine->order;
  print("[%4u] #%u %s for %s%s\n", ticks, order->number, recipe(machine)->name, order->guest,
        order->in_a_hurry ? ", quickly" : "");
  guest_drinks(order->guest, order->drink);
  order_done(order);
  machine->order = NULL;
  machine->served++;
  return IDLE;
}

static action *const transitions[STATES][EVENTS] = {
  [IDLE]     = {[ORDER] = start},
  [HEATING]  = {[TICK] = heat, [HOT] = hot},
  [GRINDING] = {[TICK] = grind, [DONE] = pour},
  [BREWING]  = {[TICK] = brew, [DONE] = finish},
  [FOAMING]  = {[TICK] = foam, [DONE] = finish},
  [SERVING]  = {[TICK] = serve},
};

/* What has happened, seen from the present state. */
static enum event next_event(const struct machine *machine) {
  switch (machine->state) {
  case IDLE: return machine->queue.length ? ORDER : TICK;
  case HEATING: return machine->boiler.millidegrees >= recipe(machine)->degrees * 1000 ? HOT : TICK;
  case GRINDING: return machine->progress >= recipe(machine)->beans_g ? DONE : TICK;
  case BREWING: return machine->progress >= recipe(machine)->water_ml ? DONE : TICK;
  case FOAMING: return machine->progress >= recipe(machine)->milk_ml ? DONE : TICK;
  default: return TICK;
  }
}

void machine_init(struct machine *machine) {
  machine->state = IDLE;
  machine->boiler.millidegrees = 20000;
  machine->beans_g = 250;
  machine->water_ml = 1800;
  machine->milk_ml = 500;
}

void machine_step(struct machine *machine) {
  enum event event = next_event(machine);
  action *act = transitions[machine->state][event];
  if (!act) return;
  enum state next = act(machine);
  if (next != machine->state) {
    machine->progress = 0;
    machine->state = next;
  }
}
