#pragma once

/* Ticks since timer_start(). The decrementer interrupt counts them. */
extern volatile unsigned ticks;

void timer_start(unsigned cycles_per_tick);
void timer_stop(void);

/* Naps until the next tick. */
void timer_wait(void);
