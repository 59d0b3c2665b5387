/* A Linux program that reads a file, a line and its arguments. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int count_words(const char *text) {
  int words = 0;
  for (const char *at = text; *at; at++) words += *at != ' ' && (at == text || at[-1] == ' ');
  return words;
}

int main(int argc, char **argv) {
  char line[80] = "";
  FILE *file = fopen(argc > 1 ? argv[1] : "none.txt", "r");
  if (!file) {
    fprintf(stderr, "no file\n");
    return 2;
  }
  fgets(line, sizeof line, file);
  printf("file: %s", line); /* read */
  fflush(stdout);
  if (!fgets(line, sizeof line, stdin)) {
    printf("no input\n");
    return 3;
  }
  printf("%d words\n", count_words(line)); /* typed */
  return 7;
}
