/* Programs in the place of others: by each way there is, what stays of the old one, and what cannot be. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <pthread.h>

static void *spin(void *argument)
{
	for (;;)
		pause();
}

static void *other(void *argument)
{
	execl("/proc/self/exe", "exec", "child", "from a thread", (char *)0);
	return 0;
}

static void ended(const char *how, pid_t child)
{
	int status = -1;
	waitpid(child, &status, 0);
	printf("%s: %d\n", how, WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
	char *args[] = {"exec", "child", "spawned", 0}, *environment[] = {"MARK=set", 0};
	pid_t child;
	setvbuf(stdout, 0, _IOLBF, 0);
	if (argc > 1 && strcmp(argv[1], "child") == 0) {
		struct sigaction now;
		sigset_t mask;
		sigprocmask(0, 0, &mask);
		sigaction(SIGUSR1, 0, &now);
		printf("%d arguments, the last %s, MARK %s, ", argc, argv[argc - 1], getenv("MARK") ? getenv("MARK") : "none");
		printf("handler %d, ", now.sa_handler != SIG_DFL);
		sigaction(SIGUSR2, 0, &now);
		printf("ignored %d, blocked %d, descriptors %d %d, leader %d\n", now.sa_handler == SIG_IGN,
		       sigismember(&mask, SIGTERM), fcntl(10, F_GETFD), fcntl(11, F_GETFD) != -1, gettid() == getpid());
		return 42;
	}
	sigset_t mask;
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, 0);
	signal(SIGUSR1, (void (*)(int))spin);
	signal(SIGUSR2, SIG_IGN);
	fcntl(1, F_DUPFD_CLOEXEC, 10);
	dup2(1, 11);
	child = vfork();
	if (child == 0) {
		execl("/proc/self/exe", "exec", "child", "of vfork", (char *)0);
		_exit(127);
	}
	ended("vfork", child);
	printf("posix_spawn %d\n", posix_spawn(&child, argv[1], 0, 0, args, environment));
	ended("posix_spawn", child);
	if ((child = fork()) == 0) {
		execl("script", "script", "of a script", (char *)0);
		_exit(errno);
	}
	ended("script", child);
	if ((child = fork()) == 0) {
		pthread_t thread;
		pthread_create(&thread, 0, spin, 0);
		pthread_create(&thread, 0, other, 0);
		spin(0);
	}
	ended("a thread's", child);
	printf("%d", execl("missing", "missing", (char *)0));
	printf(" %d", errno == ENOENT);
	printf(" %d", execl("data.txt", "data.txt", (char *)0));
	printf(" %d", errno == ENOEXEC || errno == EACCES);
	printf(" %d", execl("sub", "sub", (char *)0));
	printf(" %d\n", errno == EACCES);
	return 0;
}
