/* Handlers that strike in the middle of things: a library's code, each other, a leaf that faults. */
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>

static volatile int count, rung;
static sigjmp_buf back;

static void rings(int signal)
{
	rung = signal;	/* rings */
}

static void inner(int signal)
{
	count += signal;	/* inner */
}

static void outer(int signal)
{
	raise(SIGUSR2);
	count += signal;	/* outer */
}

static void fault(int signal, siginfo_t *info, void *context)
{
	count += signal;	/* fault */
	siglongjmp(back, 1);
}

static void skip(int signal, siginfo_t *info, void *context)
{
	((ucontext_t *)context)->uc_mcontext.uc_regs->gregs[32] += 4;	/* skip */
}

__attribute__((noinline)) static int peek(const volatile int *place)
{
	return *place;
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = fault, .sa_flags = SA_SIGINFO };
	signal(SIGUSR1, outer);
	signal(SIGUSR2, inner);
	sigaction(SIGSEGV, &action, 0);
	raise(SIGUSR1);		/* raised */
	count++;		/* after */
	if (sigsetjmp(back, 1) == 0)
		count += peek((const int *)16);
	action.sa_sigaction = skip;
	sigaction(SIGSEGV, &action, 0);
	count += *(volatile int *)16;	/* skipped */
	count++;	/* beyond */
	struct itimerval soon = { .it_value = { .tv_usec = 100000 } };
	signal(SIGALRM, rings);
	setitimer(ITIMER_REAL, &soon, 0);
	while (!rung);	/* busy */
	count++;	/* rung */
	return count != 0;
}
