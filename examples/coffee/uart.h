#pragma once

void uart_init(void);
void uart_put(char c);

/* A small printf: %s %c %d %u %x, a width ("%4d") and leading zeros ("%08x"). */
void print(const char *format, ...);
