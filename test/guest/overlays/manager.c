/* Copies sections of code to where they run, one after the other (GNU ld, "Overlay Description"). */
extern char code[], other[];
extern char __load_start_ov_a[], __load_stop_ov_a[], __load_start_ov_b[], __load_stop_ov_b[];
extern char __load_start_ov_c[], __load_stop_ov_c[], __load_start_ov_d[], __load_stop_ov_d[];
int in_a(int), in_b(int), in_c(int), in_d(int);
volatile int sink;

__attribute__((noinline)) static void load(char *to, const char *from, const char *end) {
  char *at = to;
  while (from < end) *at++ = *from++;
  for (; to < at + 32; to += 32) __asm__ volatile("dcbst 0,%0; sync; icbi 0,%0; isync" ::"r"(to) : "memory");
}

int main(void) {
  load(code, __load_start_ov_a, __load_stop_ov_a);
  sink = in_a(3);
  load(code, __load_start_ov_b, __load_stop_ov_b);
  sink = in_b(4);
  load(code, __load_start_ov_a, __load_stop_ov_a);
  sink = in_a(5);
  load(other, __load_start_ov_c, __load_stop_ov_c);
  sink = in_c(6);
  load(other, __load_start_ov_d, __load_stop_ov_d);
  sink = in_d(7);
  return 0;
}
