/* Floating-point exceptions that are enabled, in each mode of PR_SET_FPEXC: which instruction gets SIGFPE, and why. */
#define _GNU_SOURCE
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static volatile int code;
static volatile long skipped;

/* The instruction is left out, and what it has raised is taken back. */
static void caught(int signal, siginfo_t *info, void *context)
{
	mcontext_t *registers = ((ucontext_t *)context)->uc_mcontext.uc_regs;
	code = info->si_code;
	skipped = (char *)info->si_addr == (char *)registers->gregs[PT_NIP];
	registers->gregs[PT_NIP] += 4;
	*((unsigned *)&registers->fpregs.fpscr + 1) &= 0x000000f8;
}

static unsigned fpscr(void)
{
	union {
		double d;
		unsigned long long bits;
	} now;
	asm volatile("mffs %0" : "=f"(now.d));
	return now.bits;
}

static void setFpscr(unsigned value)
{
	union {
		unsigned long long bits;
		double d;
	} now = {value};
	asm volatile("mtfsf 0xff, %0" : : "f"(now.d));
}

static double apply(int operation, double a, double b)
{
	double result = -7;
	switch (operation) {
	case 0:
		asm volatile("fdiv %0, %1, %2" : "+f"(result) : "f"(a), "f"(b));
		break;
	case 1:
		asm volatile("fmul %0, %1, %2" : "+f"(result) : "f"(a), "f"(b));
		break;
	case 2:
		asm volatile("fsub %0, %1, %2" : "+f"(result) : "f"(a), "f"(b));
		break;
	case 3:
		asm volatile("fctiwz %0, %1" : "+f"(result) : "f"(a));
		break;
	case 4:
		asm volatile("fcmpo 1, %0, %1" : : "f"(a), "f"(b) : "cr1");
		break;
	}
	return result;
}

static const struct {
	const char *name;
	int operation;
	double a, b;
} CASES[] = {
	{"1 / 0", 0, 1, 0},
	{"0 / 0", 0, 0, 0},
	{"inf / inf", 0, __builtin_inf(), __builtin_inf()},
	{"1e300 * 1e300", 1, 1e300, 1e300},
	{"1e-300 * 1e-300", 1, 1e-300, 1e-300},
	{"1 / 3", 0, 1, 3},
	{"inf - inf", 2, __builtin_inf(), __builtin_inf()},
	{"0 * inf", 1, 0, __builtin_inf()},
	{"int of 1e20", 3, 1e20, 0},
	{"compare nan", 4, __builtin_nan(""), 1},
	{"6 / 3", 0, 6, 3},
};
static const struct {
	const char *name;
	unsigned bit;
} ENABLES[] = {{"none", 0}, {"VE", 0x80}, {"OE", 0x40}, {"UE", 0x20}, {"ZE", 0x10}, {"XE", 0x08}, {"all", 0xf8}};

static void *inThread(void *_)
{
	int mode = -1;
	prctl(PR_GET_FPEXC, &mode);
	printf("a thread has mode %d\n", mode);
	return _;
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
	sigaction(SIGFPE, &action, 0);
	setvbuf(stdout, 0, _IOFBF, 1 << 16);
	int mode = -1;
	prctl(PR_GET_FPEXC, &mode);
	printf("first %d, ", mode);
	printf("wrong %d %d\n", prctl(PR_SET_FPEXC, 4), prctl(PR_SET_FPEXC, -1));
	for (int wanted = 0; wanted < 4; wanted++) {
		int set = prctl(PR_SET_FPEXC, wanted);
		prctl(PR_GET_FPEXC, &mode);
		printf("mode %d: set %d, is %d\n", wanted, set, mode);
		for (unsigned e = 0; e < sizeof ENABLES / sizeof *ENABLES; e++)
			for (unsigned c = 0; c < sizeof CASES / sizeof *CASES; c++) {
				code = skipped = 0;
				setFpscr(ENABLES[e].bit);
				double result = apply(CASES[c].operation, CASES[c].a, CASES[c].b);
				unsigned after = fpscr();
				setFpscr(0);
				if (code != 0 || e == 0)
					printf("%s %s: code %d, at it %ld, %s, fpscr %08x\n", ENABLES[e].name, CASES[c].name,
					       code, skipped, result == -7 ? "no result" : "a result", after & 0xfff800ff);
			}
	}
	prctl(PR_SET_FPEXC, PR_FP_EXC_PRECISE);
	pthread_t thread;
	pthread_create(&thread, 0, inThread, 0);
	pthread_join(thread, 0);
	fflush(stdout);
	if (fork() == 0) {
		prctl(PR_GET_FPEXC, &mode);
		printf("a child has mode %d\n", mode);
		fflush(stdout);
		signal(SIGFPE, SIG_DFL);
		setFpscr(0x10);
		apply(0, 1, 0);
		_exit(0);
	}
	int status;
	wait(&status);
	printf("and ends by signal %d\n", WTERMSIG(status));
	return 0;
}
