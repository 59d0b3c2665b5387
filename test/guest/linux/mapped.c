// Files that are mapped shared: what is written to memory is in the file, for everybody, and the other way round.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static const char *result(int value) { return value == 0 ? "done" : strerror(errno); }

static char *map(int fd, int length, int protection, int flags, int offset) {
  char *at = mmap(0, length, protection, flags, fd, offset);
  if (at == MAP_FAILED) printf("mmap: %s\n", strerror(errno));
  return at;
}

static void show(const char *what, const char *path, int from, int count) {
  char bytes[100];
  int fd = open(path, O_RDONLY);
  struct stat about;
  fstat(fd, &about);
  int n = pread(fd, bytes, count, from);
  printf("%s: %d of %ld bytes '", what, n, (long)about.st_size);
  for (int i = 0; i < n; i++) putchar(bytes[i] == 0 ? '.' : bytes[i]);
  puts("'");
  close(fd);
}

static void end(pid_t child) {
  int status;
  waitpid(child, &status, 0);
  printf("child: %d\n", status);
}

int main(void) {
  setvbuf(stdout, 0, _IONBF, 0);
  int fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0644);
  char page[PAGE];
  for (int i = 0; i < 3; i++) {
    memset(page, 'a' + i, PAGE);
    write(fd, page, PAGE);
  }
  char *one = map(fd, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
  memcpy(one, "first", 5);
  memcpy(one + PAGE - 3, "across", 6);
  show("written in memory", "mapped", 0, 8);
  show("over a border", "mapped", PAGE - 5, 10);
  pwrite(fd, "POINTS", 6, 2 * PAGE + 10);
  printf("written to the file: %.8s\n", one + 2 * PAGE + 9);

  char *two = map(fd, PAGE, PROT_READ, MAP_SHARED, PAGE);
  printf("mapped again: %.4s\n", two);
  one[PAGE] = 'Z';
  printf("the same: %.4s\n", two);
  char *copy = map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, PAGE);
  printf("a copy: %.4s\n", copy);
  copy[1] = 'Y';
  printf("of its own: %.4s %.4s\n", two, copy);

  pid_t child = fork();
  if (child == 0) {
    memcpy(one + 20, "child", 5);
    int again = open("mapped", O_RDWR);
    char *other = map(again, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    printf("in the child: %.5s %.5s\n", other, other + 20);
    memcpy(other + 30, "later", 5);
    _exit(0);
  }
  end(child);
  printf("from the child: %.5s %.5s\n", one + 20, one + 30);

  volatile int *count = (volatile int *)(one + 100);
  *count = 0;
  for (int i = 0; i < 4; i++)
    if (fork() == 0) {
      for (int n = 0; n < 500; n++) __atomic_fetch_add(count, 1, __ATOMIC_SEQ_CST);
      _exit(0);
    }
  for (int i = 0; i < 4; i++) wait(0);
  printf("counted: %d\n", *count);

  printf("msync: %s\n", result(msync(one, 3 * PAGE, MS_SYNC)));
  printf("msync of both: %s\n", result(msync(one, PAGE, MS_SYNC | MS_ASYNC)));
  printf("msync of a part: %s\n", result(msync(one + 1, PAGE, MS_SYNC)));
  printf("cut: %s\n", result(ftruncate(fd, PAGE + 100)));
  printf("behind the end: %d\n", one[PAGE + 200]);
  one[PAGE + 200] = 'x';
  printf("grown: %s\n", result(ftruncate(fd, 3 * PAGE)));
  show("where it was cut", "mapped", PAGE + 98, 4);
  one[2 * PAGE] = 'n';
  show("where it has grown", "mapped", 2 * PAGE, 4);

  char *moved = mremap(one, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
  printf("moved: %.5s %.3s\n", moved, moved + PAGE);
  moved[PAGE + 1] = '+';
  printf("the same: %.4s\n", two);
  munmap(moved, 2 * PAGE);
  munmap(one + PAGE, 2 * PAGE);
  show("unmapped", "mapped", PAGE, 4);

  int reads = open("mapped", O_RDONLY);
  map(reads, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
  char *shown = map(reads, PAGE, PROT_READ, MAP_SHARED, 0);
  printf("written after all: %s\n", result(mprotect(shown, PAGE, PROT_READ | PROT_WRITE)));
  map(reads, PAGE, PROT_READ, 0, 0);
  close(reads);

  char *fixed = mmap(shown, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  printf("over it: %d %d\n", fixed == shown, shown[0]);
  shown[0] = '!';
  char *last = map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
  close(fd);
  unlink("mapped");
  printf("without a name: %.5s\n", last);
  int given = open("given", O_RDWR | O_CREAT | O_TRUNC, 0644);
  write(given, last, 5);
  close(given);
  show("given on", "given", 0, 5);
  unlink("given");
  fd = open("data.txt", O_RDWR);
  last = map(fd, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
  last[0] = 'A';
  close(fd);
  show("what was there", "data.txt", 0, 6);
  last[0] = 'a';
  munmap(last, PAGE);
  show("and is again", "data.txt", 0, 6);
  return 0;
}
