/* Two sections of one file that take turns. */
extern volatile int sink;

__attribute__((section(".code_c"))) int in_c(int third) {
  int squared = third * third;
  sink = squared;
  return squared + 1;
}

__attribute__((section(".code_d"))) int in_d(int fourth) {
  int negated = -fourth;
  sink = negated;
  return negated - 1;
}
