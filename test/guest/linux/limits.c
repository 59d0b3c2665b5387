/* Limits of what a process may use, and what becomes of who goes beyond. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int set(int resource, rlim_t current, rlim_t most)
{
	struct rlimit limit = {current, most};
	return setrlimit(resource, &limit) < 0 ? errno : 0;
}

static void told(int signal)
{
	char text[] = "[signal 00]";
	text[8] += signal / 10;
	text[9] += signal % 10;
	write(1, text, sizeof text - 1);
}

int main(void)
{
	struct rlimit limit;
	setvbuf(stdout, 0, _IONBF, 0);
	printf("above most %d, ", set(RLIMIT_FSIZE, 10, 5));
	printf("no resource %d, ", set(40, 1, 1));
	printf("lowered %d, ", set(RLIMIT_MEMLOCK, 1000, 2000));
	getrlimit(RLIMIT_MEMLOCK, &limit);
	printf("is %d of %d\n", (int)limit.rlim_cur, (int)limit.rlim_max);

	printf("descriptors %d, ", set(RLIMIT_NOFILE, 6, 6));
	int fd;
	for (fd = 0; fd >= 0 && fd < 100; fd = dup(0))
		;
	printf("full %d, ", errno);
	printf("dup2 %d ", dup2(0, 6));
	printf("%d, ", errno);
	printf("F_DUPFD %d ", fcntl(0, F_DUPFD, 6));
	printf("%d\n", errno);
	for (fd = 3; fd < 6; fd++)
		close(fd);

	int file = open("limited", O_CREAT | O_RDWR | O_TRUNC, 0600);
	char bytes[6000];
	memset(bytes, 'x', sizeof bytes);
	signal(SIGXFSZ, told);
	printf("file %d, ", set(RLIMIT_FSIZE, 10000, RLIM_INFINITY));
	printf("written %zd", write(file, bytes, sizeof bytes));
	printf(" %zd", write(file, bytes, sizeof bytes));
	errno = 0;
	printf(" %zd", write(file, bytes, sizeof bytes));
	printf(" %d, ", errno);
	printf("truncated %d", ftruncate(file, 10001));
	printf(" %d", errno);
	printf(" %d, length %d\n", ftruncate(file, 10000), (int)lseek(file, 0, SEEK_END));
	unlink("limited");
	if (fork() == 0) {
		signal(SIGXFSZ, SIG_DFL);
		pwrite(file, bytes, 1, 10000);
		_exit(0);
	}
	int status;
	wait(&status);
	printf("ends by signal %d\n", WTERMSIG(status));
	return 0;
}
