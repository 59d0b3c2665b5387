/* It writes a function on its stack and calls it. */

int main(void)
{
  /* li r3, 7; blr */
  volatile unsigned code[2] __attribute__((aligned(8))) = { 0x38600007, 0x4e800020 };
  __asm__ volatile("dcbst 0, %0; sync; icbi 0, %0; isync" : : "r"(code) : "memory");
  return ((int (*)(void))code)();
}
