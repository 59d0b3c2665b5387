static inline __attribute__((always_inline)) unsigned mixed(volatile unsigned *place)
{
  unsigned value = *place;
  value ^= value << 3;
  return value;
}
