/* A power-on self test. It reads the program's own code, so it notices a debugger that plants trap words for breakpoints.
 * Hardware breakpoints (IAC1-IAC4) leave the code alone: the sum stays the same. */
#include "selftest.h"

extern const unsigned char text_start[], text_end[];

static unsigned crc_table[256];

static void fill_table(void) {
  for (unsigned byte = 0; byte < 256; byte++) {
    unsigned crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
    crc_table[byte] = crc;
  }
}

unsigned selftest_crc(void) {
  unsigned crc = 0xFFFFFFFF;
  if (!crc_table[1]) fill_table();
  for (const unsigned char *byte = text_start; byte < text_end; byte++) {
    crc = crc_table[(crc ^ *byte) & 0xFF] ^ crc >> 8;
  }
  return ~crc;
}
