/* A coffee machine on a PowerPC 440. Set a breakpoint anywhere and press F5.
 *
 * Worth a stop: machine_step (the state machine), order_place (a linked list with a hurry), depth (recursion), tick (the
 * decrementer interrupt). */
#include "guests.h"
#include "machine.h"
#include "selftest.h"
#include "timer.h"
#include "uart.h"

enum { CYCLES_PER_TICK = 20000 };

struct arrival {
  unsigned tick;
  const char *guest;
  enum drink drink;
  bool in_a_hurry;
};

static const struct arrival morning[] = {
  {1, "Grace", ESPRESSO, false},   {1, "Edsger", HOT_WATER, false}, {2, "Ada", CAPPUCCINO, false},
  {3, "Ken", DOPPIO, true},        {60, "Barbara", LUNGO, false},   {60, "Dennis", DOPPIO, false},
  {61, "Margaret", ESPRESSO, true}, {90, "Grace", CAPPUCCINO, false}, {95, "Ken", DOPPIO, true},
};
enum { ARRIVALS = sizeof morning / sizeof morning[0] };

struct machine machine;

/* Interrupts we did not ask for end up here (start.S). */
void panic(unsigned vector, unsigned address, unsigned esr, unsigned dear) {
  print("\nunexpected interrupt: IVOR%u at 0x%08x, ESR 0x%08x, DEAR 0x%08x\n", vector, address, esr, dear);
}

static unsigned let_guests_in(unsigned arrived) {
  while (arrived < ARRIVALS && morning[arrived].tick <= ticks) {
    const struct arrival *arrival = &morning[arrived++];
    order_place(&machine.queue, arrival->guest, arrival->drink, arrival->in_a_hurry);
  }
  return arrived;
}

int main(void) {
  uart_init();
  print("PowerPC 440 coffee machine, PVR 0x%08x\n", ({ unsigned pvr; __asm__("mfpvr %0" : "=r"(pvr)); pvr; }));
  unsigned crc = selftest_crc();
  print("self test: code CRC 0x%08x\n", crc);

  machine_init(&machine);
  timer_start(CYCLES_PER_TICK);
  for (unsigned arrived = 0; machine.served < ARRIVALS;) {
    timer_wait();
    arrived = let_guests_in(arrived);
    machine_step(&machine);
  }
  timer_stop();

  print("served %u, left: %u g beans, %u ml water, %u ml milk\n", machine.served, machine.beans_g, machine.water_ml,
        machine.milk_ml);
  guests_print();
  print("a tree of depth %u\n", guests_depth());
  print("self test: code is %s\n", selftest_crc() == crc ? "unchanged" : "CHANGED (soft breakpoints?)");
  print("The kitchen is closed.\n");
  return 0;
}
