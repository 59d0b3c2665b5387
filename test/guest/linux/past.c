/* Memory behind the end of a mapped file: SIGBUS, until the file is longer; and EFAULT for calls. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096

static sigjmp_buf back;
static volatile int code;

static void caught(int signal, siginfo_t *info, void *context)
{
	code = info->si_code;
	siglongjmp(back, signal);
}

static void look(const char *what, volatile char *at, int writes)
{
	int signal = sigsetjmp(back, 1);
	char value = '?';
	if (signal == 0) {
		if (writes)
			*at = 'w';
		value = *at;
	}
	printf("%s: signal %d code %d '%c'; ", what, signal, signal ? code : 0, value ? value : '0');
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
	sigaction(SIGBUS, &action, 0);
	sigaction(SIGSEGV, &action, 0);
	setvbuf(stdout, 0, _IONBF, 0);
	int fd = open("short", O_RDWR | O_CREAT | O_TRUNC, 0600);
	write(fd, "five\n", 5);
	char *shared = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *own = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	look("first", shared, 0);
	look("its rest", shared + PAGE - 1, 0);
	look("behind", shared + PAGE, 0);
	look("to be written", shared + 2 * PAGE, 1);
	look("own", own, 0);
	look("own behind", own + PAGE, 0);
	puts("");
	printf("read %d ", (int)pread(fd, shared + PAGE, 1, 0));
	printf("%d, write %d", errno, (int)write(fd, own + 2 * PAGE, 1));
	printf(" %d\n", errno);
	ftruncate(fd, 3 * PAGE);
	look("grown", shared + PAGE, 0);
	look("to be written", shared + 2 * PAGE, 1);
	look("behind", shared + 3 * PAGE, 1);
	puts("");
	pwrite(fd, "x", 1, 3 * PAGE);
	look("written", shared + 3 * PAGE, 0);
	if (fork() == 0) {
		look("in a child", shared + 2 * PAGE, 0);
		ftruncate(fd, PAGE + 1);
		look("cut", shared + 2 * PAGE, 0);
		_exit(0);
	}
	wait(0);
	look("for the other", shared + 2 * PAGE, 1);
	look("before", shared + PAGE, 0);
	mprotect(shared, 4 * PAGE, PROT_READ);
	look("still", shared + 3 * PAGE, 0);
	puts("");
	ftruncate(fd, 3 * PAGE);
	look("zeros", shared + 2 * PAGE, 0);
	puts("");
	unlink("short");
	return 0;
}
