/* A library that exports some of its functions. */

int number;

__attribute__((noinline)) static int hidden(int given) { return given * number; }

int first(int given) { return hidden(given) + 1; }

__attribute__((noinline)) static int between(int given) { return given / (number + 1); }

int second(int given) { return between(given) + 2; }

__attribute__((noinline, used)) static int last(int given) { return given ^ number; }
