/* Handlers, masks, and registers that survive them. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile int count;
static volatile double product = 1;

static void handler(int signal, siginfo_t *info, void *context)
{
	count++;
	product *= 1.5;
	printf("signal %d, info %d, mine %d\n", signal, info->si_signo, info->si_pid == getpid() || info->si_pid == 0);
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	sigset_t set, pending;
	double kept = 2.5;
	sigaction(SIGUSR1, &action, 0);
	action.sa_flags |= SA_RESETHAND;
	sigaction(SIGUSR2, &action, 0);
	raise(SIGUSR1);
	printf("count %d, kept %g, product %g\n", count, kept * 2, product);

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, 0);
	raise(SIGUSR1);
	sigpending(&pending);
	printf("blocked: count %d, pending %d\n", count, sigismember(&pending, SIGUSR1));
	sigprocmask(SIG_UNBLOCK, &set, 0);
	printf("unblocked: count %d\n", count);

	signal(SIGTERM, SIG_IGN);
	raise(SIGTERM);
	raise(SIGCHLD);
	raise(SIGUSR2);
	printf("once: count %d\n", count);
	fflush(stdout);
	raise(SIGUSR2);
	return 0;
}
