/* A guest that asks its kernel for as much as it can, for ever: the argument says for what. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MB (1 << 20)

static char small[64 << 10];
static char *large;
static int own;
static volatile unsigned sink;

static void output(void) { write(1, small, sizeof small); }
static void error(void) { write(2, small, 1); }
static void much_output(void) { write(1, large, 32 * MB); }
static void random_bytes(void) { syscall(SYS_getrandom, large, 100 * MB, 0); }
static void map(void) { munmap(mmap(0, 20 * MB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 20 * MB); }
static void map_nothing(void) { mmap(0, 0xf0000000, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
static void read_own(void) { pread(own, large, 32 * MB, 0); }
static void write_own(void) { pwrite(own, large, 32 * MB, 0); }
static void map_own(void) { munmap(mmap(0, 16 * MB, PROT_READ, MAP_PRIVATE, own, 0), 16 * MB); }
static void truncate_own(void) { ftruncate(own, 0), ftruncate(own, 1 << 30); }
static void read_zero(void) { read(own, large, 0x7fffffff), lseek(own, 0, SEEK_SET); }
static void call(void) { syscall(SYS_getppid); }
static void no_call(void) { syscall(9999); }
static void bad_pointer(void) { syscall(SYS_uname, 4); }
static void sleep_long(void) { nanosleep(&(struct timespec){ 0x7fffffff, 0 }, 0); }
static void grow(void) { sbrk(16 * MB), sbrk(-16 * MB); }

static void vectors(void)
{
	static struct iovec list[1024];
	for (int i = 0; i < 1024; i++)
		list[i] = (struct iovec){ large, 64 << 10 };
	writev(own, list, 1024), lseek(own, 0, SEEK_SET), readv(own, list, 1024), lseek(own, 0, SEEK_SET);
}

static void tiny_vectors(void)
{
	static struct iovec list[1024];
	for (int i = 0; i < 1024; i++)
		list[i] = (struct iovec){ small + i, 1 };
	writev(1, list, 1024);
}

static void protect(void)
{
	static int on;
	mprotect(large, 64 * MB, PROT_READ | (on ^= PROT_WRITE));
}

/* Every second page is another, so that no large page fits, and each access is a miss. */
static void miss(void)
{
	static int prepared;
	for (int page = 0; !prepared && page < 4096; page += 2)
		mprotect(large + 16 * MB - page * 4096, 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
	prepared = 1;
	for (int page = 0; page < 16384; page++)
		sink += large[page * 4096];
}

static void create(void)
{
	static int n;
	char name[32];
	sprintf(name, "/tmp/%d", n++);
	int fd = open(name, O_CREAT | O_WRONLY, 0600);
	write(fd, small, sizeof small);
	close(fd);
}

static void missing(void)
{
	static int n;
	char name[4096];
	memset(name, 'x', 3000);
	for (int i = 200; i < 3000; i += 200)
		name[i] = '/';
	sprintf(name + 3000, "%d", n++);
	access(name, R_OK);
}

static void list(void)
{
	static char entries[1 << 20];
	int fd = open(".", O_RDONLY | O_DIRECTORY);
	while (syscall(SYS_getdents64, fd, entries, sizeof entries) > 0)
		;
	close(fd);
}

static void on_signal(int signal) { sink += signal; }
static void signals(void) { signal(SIGUSR1, on_signal), raise(SIGUSR1); }

static void faults(void)
{
	static sigset_t none;
	signal(SIGSEGV, on_signal);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, 0, 8);
	*(volatile int *)16 = 1;
}

static void spin(void) { sink++; }

static const struct { const char *name; void (*loop)(void); } loops[] = {
	{ "output", output }, { "error", error }, { "much_output", much_output }, { "random_bytes", random_bytes },
	{ "map", map }, { "map_nothing", map_nothing }, { "read_own", read_own }, { "write_own", write_own },
	{ "map_own", map_own }, { "truncate_own", truncate_own }, { "read_zero", read_zero }, { "call", call },
	{ "no_call", no_call }, { "bad_pointer", bad_pointer }, { "sleep_long", sleep_long }, { "grow", grow },
	{ "vectors", vectors }, { "tiny_vectors", tiny_vectors }, { "protect", protect }, { "miss", miss },
	{ "create", create }, { "missing", missing }, { "list", list }, { "signals", signals }, { "faults", faults },
	{ "spin", spin },
};

int main(int argc, char **argv)
{
	large = mmap(0, 72 * MB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	own = open("own.bin", O_RDWR | O_CREAT, 0600);
	pwrite(own, large, 32 * MB, 0);
	memset(small, 'x', sizeof small);
	for (unsigned i = 0; i < sizeof loops / sizeof *loops; i++)
		if (argc > 1 && !strcmp(argv[1], loops[i].name))
			for (;;)
				loops[i].loop();
	for (unsigned i = 0; i < sizeof loops / sizeof *loops; i++)
		puts(loops[i].name);
	return 0;
}
