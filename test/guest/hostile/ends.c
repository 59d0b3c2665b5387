/* A guest that does what a kernel cannot go on after; the argument says what. Each ends it, as Linux does. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static void handler(int signal) { _exit(signal); }

static char buffer[8192];

#define SHOW(call) (errno = 0, result = (call), printf("%s: %ld %s\n", #call, result, result < 0 ? strerror(errno) : ""))

/* Arguments that Linux has an answer for. */
static void refused(void)
{
	static char path[5000];
	struct iovec two[2] = { { buffer, 4 }, { buffer, -1 } };
	long result;
	int fd = open("own", O_RDWR | O_CREAT | O_TRUNC, 0600);
	memset(path, 'x', sizeof path - 1);
	SHOW(pread(fd, buffer, 1, -1)), SHOW(pwrite(fd, buffer, 1, -5)), SHOW(ftruncate(fd, -1));
	SHOW(lseek(fd, -1, SEEK_SET)), SHOW(writev(fd, two, 2)), SHOW(readv(fd, two, 1025)), SHOW(readv(fd, two, -1));
	SHOW(fcntl(fd, F_DUPFD, -1)), SHOW(open(path, O_RDONLY)), SHOW(access((char *)16, 0));
	SHOW(kill(getpid(), 65)), SHOW(kill(getpid(), -1) < 0), SHOW(syscall(SYS_rt_sigaction, 9, path, 0, 8));
	SHOW(syscall(SYS_nanosleep, (long[2]){ -1, 0 }, 0)), SHOW(syscall(SYS_nanosleep, (long[2]){ 0, 1000000000 }, 0));
	SHOW(syscall(SYS_rt_sigprocmask, 7, path, 0, 8)), SHOW(mmap(0, 0, 0, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0) == MAP_FAILED);
	SHOW((long)mmap(0, 4096, PROT_READ, MAP_PRIVATE, fd, 1)), SHOW(syscall(SYS_munmap, 1, 4096));
	SHOW(syscall(SYS_mprotect, 1, 4096, 0)), SHOW(syscall(SYS_mremap, 1, 1, 1, 0));
	SHOW(readlink("/proc/self/exe", buffer, 0)), SHOW(read(fd, (char *)16, 5)), SHOW(write(fd, (char *)16, 5));
	SHOW(dup2(fd, -1)), SHOW(close(-1)), SHOW(syscall(SYS_getdents64, fd, buffer, 100));
	unlink("own");
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	signal(SIGUSR1, handler);
	signal(SIGSEGV, handler);
	if (!strcmp(what, "kill"))
		return syscall(SYS_kill, getpid(), 0x7fffffff) < 0 && syscall(SYS_kill, getpid(), -1) < 0 ? 0 : 1;
	if (!strcmp(what, "no stack"))
		__asm__ volatile("li 0, 37; li 3, 1000; li 4, 10; li 1, 0; sc; trap");
	if (!strcmp(what, "wild stack"))
		__asm__ volatile("li 0, 37; li 3, 1000; li 4, 10; li 1, -16; sc; trap");
	if (!strcmp(what, "fault without stack"))
		__asm__ volatile("li 1, 0; stw 3, 16(0)");
	if (!strcmp(what, "no context"))
		__asm__ volatile("li 1, 64; li 0, 172; sc; trap");
	if (!strcmp(what, "write")) {
		char *text = memset(malloc(200 << 10), 'x', 200 << 10);
		return write(1, text, 200 << 10) == 200 << 10 ? 0 : 1;
	}
	if (!strcmp(what, "refused"))
		refused();
	return 2;
}
