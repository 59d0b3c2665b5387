// Beside names.cc: a class that it has too, as the base class of one that it has not.
struct Other {
  int x = 3, y = 8;
};
struct First {
  int first = 1;
};
struct Elsewhere : First, Other {
  int last = 4;
};
Elsewhere elsewhere;
