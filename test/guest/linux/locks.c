// Locks on files: who is held up by whom, what is told of a lock, when it is gone.
#define _GNU_SOURCE
#define _FILE_OFFSET_BITS 64
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static int ready[2];

static const char *result(int value) { return value == 0 ? "done" : strerror(errno); }

static struct flock part(int type, off_t start, off_t length) {
  struct flock lock;
  memset(&lock, 0, sizeof lock);
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = start;
  lock.l_len = length;
  return lock;
}

static int lock(int fd, int how, int type, off_t start, off_t length) {
  struct flock wanted = part(type, start, length);
  return fcntl(fd, how, &wanted);
}

static void ask(const char *what, int fd, int how, int type, off_t start, off_t length, pid_t owner) {
  struct flock found = part(type, start, length);
  const char *told = result(fcntl(fd, how, &found));
  printf("%s: %s, type %d, from %lld, %lld bytes, %s\n", what, told, found.l_type, (long long)found.l_start,
         (long long)found.l_len, found.l_pid == owner ? "the owner" : found.l_pid == -1 ? "nobody's" : "other");
}

static void tell(void) {
  if (write(ready[1], "x", 1) != 1) exit(1);
}

static void await(void) {
  char c;
  if (read(ready[0], &c, 1) != 1) exit(1);
}

static void end(pid_t child) {
  int status;
  waitpid(child, &status, 0);
  printf("child: %d\n", status);
}

static void onAlarm(int signal) { (void)signal; }

int main(void) {
  setvbuf(stdout, 0, _IONBF, 0);
  pipe(ready);
  int fd = open("locked", O_RDWR | O_CREAT, 0644);
  write(fd, "0123456789012345678901234567890123456789", 40);
  pid_t own = getpid();

  printf("write 10-20: %s\n", result(lock(fd, F_SETLK, F_WRLCK, 10, 10)));
  printf("read 30-40: %s\n", result(lock(fd, F_SETLK, F_RDLCK, 30, 10)));
  pid_t child = fork();
  if (child == 0) {
    ask("in the way of 0", fd, F_GETLK, F_RDLCK, 0, 0, own);
    ask("of 32", fd, F_GETLK, F_WRLCK, 32, 1, own);
    ask("of reading 32", fd, F_GETLK, F_RDLCK, 32, 1, own);
    printf("write 15: %s\n", result(lock(fd, F_SETLK, F_WRLCK, 15, 1)));
    printf("read 35: %s\n", result(lock(fd, F_SETLK, F_RDLCK, 35, 1)));
    printf("write 0-10: %s\n", result(lock(fd, F_SETLK, F_WRLCK, 0, 10)));
    struct sigaction action = {.sa_handler = onAlarm};
    sigaction(SIGALRM, &action, 0);
    alarm(1);
    printf("until the alarm: %s\n", result(lock(fd, F_SETLKW, F_WRLCK, 12, 1)));
    tell();
    printf("after the other: %s\n", result(lock(fd, F_SETLKW, F_WRLCK, 12, 1)));
    _exit(0);
  }
  await();
  usleep(100000);
  printf("unlocks 11-14\n");
  lock(fd, F_SETLK, F_UNLCK, 11, 3);
  end(child);
  lock(fd, F_SETLK, F_RDLCK, 11, 3);
  child = fork();
  if (child == 0) {
    for (off_t at = 0; at < 45; at += 3) ask("at", fd, F_GETLK, F_WRLCK, at, 1, own);
    _exit(0);
  }
  end(child);

  close(open("locked", O_RDONLY));
  child = fork();
  if (child == 0) {
    ask("after a descriptor is closed", fd, F_GETLK, F_WRLCK, 0, 0, own);
    printf("all from the end on: %s\n", result(lock(fd, F_SETLK, F_WRLCK, 40, 0)));
    tell();
    pause();
  }
  await();
  struct flock back = part(F_WRLCK, 0, -10);
  back.l_whence = SEEK_END;
  printf("the last ten: %s\n", result(fcntl(fd, F_SETLK, &back)));
  ask("in the way of 1000", fd, F_GETLK, F_WRLCK, 1000, 1, child);
  kill(child, SIGKILL);
  end(child);
  printf("1000: %s\n", result(lock(fd, F_SETLK, F_WRLCK, 1000, 1)));

  // Each has what the other wants.
  child = fork();
  if (child == 0) {
    lock(fd, F_SETLK, F_WRLCK, 2000, 1);
    tell();
    int got = lock(fd, F_SETLKW, F_WRLCK, 1000, 1);
    printf("first: %s\n", result(got));
    _exit(0);
  }
  await();
  usleep(100000);
  printf("second: %s\n", result(lock(fd, F_SETLKW, F_WRLCK, 2000, 1)));
  lock(fd, F_SETLK, F_UNLCK, 1000, 1);
  end(child);

  printf("none: %s\n", result(lock(fd, F_SETLK, 7, 0, 0)));
  printf("before the beginning: %s\n", result(lock(fd, F_SETLK, F_RDLCK, -1, 1)));
  int reads = open("locked", O_RDONLY);
  printf("write without writing: %s\n", result(lock(reads, F_SETLK, F_WRLCK, 0, 1)));
  close(reads);

  // Locks of an open file stand in the way of another of the same process.
  int other = open("locked", O_RDWR);
  printf("its own: %s\n", result(lock(fd, F_OFD_SETLK, F_WRLCK, 1LL << 33, 10)));
  printf("the other's: %s\n", result(lock(other, F_OFD_SETLK, F_RDLCK, 1LL << 33, 1)));
  ask("there", other, F_OFD_GETLK, F_RDLCK, 0, 0, own);
  ask("for a process", fd, F_GETLK, F_RDLCK, 0, 0, own);
  close(fd);
  printf("after it is closed: %s\n", result(lock(other, F_OFD_SETLK, F_RDLCK, 1LL << 33, 1)));

  int one = open("locked", O_RDWR), two = open("locked", O_RDWR), same = dup(one);
  printf("shared: %s %s\n", result(flock(one, LOCK_SH)), result(flock(two, LOCK_SH)));
  printf("exclusive: %s\n", result(flock(one, LOCK_EX | LOCK_NB)));
  printf("the other then: %s\n", result(flock(two, LOCK_EX | LOCK_NB)));
  printf("through a copy: %s\n", result(flock(same, LOCK_EX | LOCK_NB)));
  printf("unlocked: %s\n", result(flock(two, LOCK_UN)));
  close(one);
  printf("held by the copy: %s\n", result(flock(same, LOCK_EX | LOCK_NB)));
  child = fork();
  if (child == 0) {
    printf("inherited: %s\n", result(flock(same, LOCK_EX | LOCK_NB)));
    int again = open("locked", O_RDWR);
    printf("opened again: %s\n", result(flock(again, LOCK_SH | LOCK_NB)));
    tell();
    printf("waited for: %s\n", result(flock(again, LOCK_SH)));
    _exit(0);
  }
  await();
  usleep(100000);
  flock(same, LOCK_UN);
  end(child);
  printf("nothing asked: %s\n", result(flock(same, 0)));
  unlink("locked");
  return 0;
}
