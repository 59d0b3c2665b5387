/* A guest that does what a kernel cannot go on after; the argument says what. Each ends it, as Linux does. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static void handler(int signal) { _exit(signal); }

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
	return 2;
}
