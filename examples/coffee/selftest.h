#pragma once

/* CRC-32 of the program's own code and constants. */
unsigned selftest_crc(void);
