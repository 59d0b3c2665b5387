/* The first 16550 of the board, polled. */
#include "uart.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

struct uart_16550 {
  volatile uint8_t data;         /* RBR/THR, divisor low while LCR_DLAB */
  volatile uint8_t interrupts;   /* IER, divisor high while LCR_DLAB */
  volatile uint8_t fifo_control; /* FCR */
  volatile uint8_t line_control; /* LCR */
  volatile uint8_t modem_control;
  volatile uint8_t line_status; /* LSR */
};

#define UART0 ((struct uart_16550 *)0xEF600300)

enum { LCR_8N1 = 0x03, LCR_DLAB = 0x80, LSR_THR_EMPTY = 0x20, FCR_ENABLE_AND_CLEAR = 0x07 };

void uart_init(void) {
  const unsigned divisor = 11059200 / (16 * 115200);
  UART0->line_control = LCR_DLAB;
  UART0->data = divisor & 0xFF;
  UART0->interrupts = divisor >> 8;
  UART0->line_control = LCR_8N1;
  UART0->interrupts = 0;
  UART0->fifo_control = FCR_ENABLE_AND_CLEAR;
}

void uart_put(char c) {
  if (c == '\n') uart_put('\r');
  while (!(UART0->line_status & LSR_THR_EMPTY)) continue;
  UART0->data = c;
}

static void put_padded(const char *text, unsigned length, unsigned width, char pad) {
  while (width-- > length) uart_put(pad);
  while (length--) uart_put(*text++);
}

static void put_number(unsigned value, unsigned base, bool negative, unsigned width, char pad) {
  char digits[12];
  char *first = digits + sizeof digits;
  do {
    *--first = "0123456789ABCDEF"[value % base];
    value /= base;
  } while (value);
  if (negative) *--first = '-';
  put_padded(first, digits + sizeof digits - first, width, pad);
}

void print(const char *format, ...) {
  va_list args;
  va_start(args, format);
  for (; *format; format++) {
    if (*format != '%') {
      uart_put(*format);
      continue;
    }
    char pad = ' ';
    unsigned width = 0;
    if (*++format == '0') pad = '0';
    while (*format >= '0' && *format <= '9') width = 10 * width + (*format++ - '0');
    switch (*format) {
    case 'c': uart_put(va_arg(args, int)); break;
    case 's': {
      const char *text = va_arg(args, const char *);
      unsigned length = 0;
      while (text[length]) length++;
      put_padded(text, length, 0, ' ');
      while (length++ < width) uart_put(' '); /* texts are left-aligned, numbers right */
      break;
    }
    case 'd': {
      int value = va_arg(args, int);
      put_number(value < 0 ? -(unsigned)value : (unsigned)value, 10, value < 0, width, pad);
      break;
    }
    case 'u': put_number(va_arg(args, unsigned), 10, false, width, pad); break;
    case 'x': put_number(va_arg(args, unsigned), 16, false, width, pad); break;
    default: uart_put(*format);
    }
  }
  va_end(args);
}
