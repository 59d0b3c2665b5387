// Numbers with more digits than a double: two doubles, and decimal floating point.
long double third = 0.333333333333333333333333333333333L;
long double tenth = 0.1L, minus_tenth = -0.1L;
long double large = 1000000000000000000000000000001.0L, huge = 1.0e308L, tiny = 1e-290L;
long double plain = 2.5L, minus_zero = -0.0L;
long double target;

_Decimal32 d32 = 1.25df, d32_most = 9.999999E96df, d32_least = 1E-101df, d32_cut;
_Decimal64 d64 = -123456789.123dd, d64_zero = 0.00dd, d64_trailing = 1.500dd, d64_large = 9e300dd, d64_target;
_Decimal128 d128 = 1.234567890123456789012345678901234dl, d128_million = 1E+6dl, d128_target;
_Decimal64 d64_infinite = __builtin_infd64(), all[3] = { 888.999dd, 809.908dd, -987654321098765.4dd };

_Decimal64 sum = 1.50dd + 2.5dd, product = 1.50dd * 2.5dd, quotient = 1.dd / 3.dd, even = 1.dd / 8.dd;
_Decimal32 rounded = 1234567.5df, rounded_up = 1234568.5df;
_Decimal128 from_int = 12345678;

int main(void)
{
  return sizeof third;
}
