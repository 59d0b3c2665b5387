/* The heap, anonymous and file mappings, protection, and what faults become. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static sigjmp_buf back;
static volatile int code;
static volatile uintptr_t where;

static void fault(int signal, siginfo_t *info, void *context)
{
	code = info->si_code;
	where = (uintptr_t)info->si_addr;
	siglongjmp(back, signal);
}

static void attempt(const char *what, volatile char *address, int store)
{
	int signal = sigsetjmp(back, 1);
	if (!signal) {
		if (store)
			*address = 1;
		else
			(void)*address;
		printf("%s: no fault\n", what);
	} else
		printf("%s: signal %d, with a code %d, offset %ld\n", what, signal, code != 0, (long)(where - (uintptr_t)address));
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = fault, .sa_flags = SA_SIGINFO };
	sigaction(SIGSEGV, &action, 0);
	sigaction(SIGILL, &action, 0);
	sigaction(SIGTRAP, &action, 0);

	char *start = sbrk(0);
	sbrk(100000);
	printf("brk grows by %ld\n", (long)((char *)sbrk(0) - start));
	memset(start, 7, 100000);
	char *big = malloc(1 << 22);
	memset(big, 3, 1 << 22);
	big = realloc(big, 1 << 23);
	printf("kept %d, last %d\n", big[(1 << 22) - 1], (big[(1 << 23) - 1] = 9));
	free(big);

	char *map = mmap(0, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("zeroed %d\n", map[5000]);
	map[4096] = 1;
	mprotect(map, 4096, PROT_READ);
	attempt("read-only page, load", map + 4, 0);
	attempt("read-only page, store", map + 4, 1);
	attempt("writable page, store", map + 4096, 1);
	munmap(map + 8192, 4096);
	attempt("unmapped page, load", map + 8192, 0);
	attempt("null pointer, store", 0, 1);

	char *file = mmap(0, 4096, PROT_READ, MAP_PRIVATE, open("data.txt", O_RDONLY), 0);
	printf("mapped file: %.5s\n", file);

	int signal = sigsetjmp(back, 1);
	if (!signal)
		__asm__ volatile(".long 0");
	else
		printf("illegal instruction: signal %d\n", signal);
	signal = sigsetjmp(back, 1);
	if (!signal)
		__builtin_trap();
	else
		printf("trap: signal %d\n", signal);

	/* Doubles at any address: the kernel finishes what the processor will not. */
	char bytes[32] __attribute__((aligned(16)));
	volatile double *odd = (volatile double *)(bytes + 12);
	*odd = 1.25;
	printf("misaligned double %g\n", *odd * 2);
	fflush(stdout);
	abort();
}
