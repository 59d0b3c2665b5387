/* A tick from the decrementer, which reloads itself (TCR[ARE]) so that no cycle is lost. */
#include "timer.h"

#define MSR_WE 0x00040000
#define MSR_EE 0x00008000
#define TCR_DIE 0x04000000 /* decrementer interrupt enable */
#define TCR_ARE 0x00400000 /* auto-reload enable */

volatile unsigned ticks;

void timer_start(unsigned cycles_per_tick) {
  __asm__ volatile("mtdecar %0\n\tmtdec %0" : : "r"(cycles_per_tick));
  __asm__ volatile("mttcr %0" : : "r"(TCR_DIE | TCR_ARE));
  __asm__ volatile("wrteei 1");
}

void timer_stop(void) {
  __asm__ volatile("wrteei 0");
  __asm__ volatile("mttcr %0" : : "r"(0));
}

/* Called by decrementer_interrupt (start.S), interrupts off. */
void tick(void) {
  ticks++;
}

void timer_wait(void) {
  unsigned before = ticks;
  unsigned msr;
  while (ticks == before) {
    /* MSR[WE]: the core sleeps until an interrupt; its handler clears the bit in SRR1. */
    __asm__ volatile("mfmsr %0" : "=r"(msr));
    __asm__ volatile("mtmsr %0\n\tisync" : : "r"(msr | MSR_WE | MSR_EE) : "memory");
  }
}
