/* Locks that the kernel hands over to who waits, by the system call itself. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int first, second;
static volatile int stage;

static int lock(int *word, struct timespec *until)
{
	return syscall(SYS_futex, word, FUTEX_LOCK_PI, 0, until, 0, 0) < 0 ? errno : 0;
}

static int unlock(int *word)
{
	return syscall(SYS_futex, word, FUTEX_UNLOCK_PI, 0, 0, 0, 0) < 0 ? errno : 0;
}

static int try(int *word)
{
	return syscall(SYS_futex, word, FUTEX_TRYLOCK_PI, 0, 0, 0, 0) < 0 ? errno : 0;
}

static void *takes(void *_)
{
	printf("not ours: try %d, ", try(&first));
	printf("unlock %d\n", unlock(&first));
	lock(&second, 0);
	stage = 1;
	printf("got it: %d, ", lock(&first, 0));
	printf("held %d\n", (first & FUTEX_TID_MASK) != 0);
	unlock(&second);
	return _;
}

static void *ends(void *_)
{
	lock(&second, 0);
	stage = 2;
	usleep(20000);
	return _;
}

int main(void)
{
	pthread_t thread;
	printf("free %d, ", lock(&first, 0));
	printf("held %d, ", first != 0);
	printf("again %d, ", lock(&first, 0));
	printf("free again %d, ", unlock(&first));
	printf("%d, ", first);
	int gone = 29999;
	printf("nobody's %d\n", lock(&gone, 0));
	lock(&first, 0);
	pthread_create(&thread, 0, takes, 0);
	while (!stage)
		usleep(1000);
	usleep(20000);
	printf("for each other %d\n", lock(&second, 0));
	printf("waited for %d\n", (first & FUTEX_WAITERS) != 0);
	unlock(&first);
	pthread_join(thread, 0);
	first = 0;
	pthread_create(&thread, 0, ends, 0);
	while (stage != 2)
		usleep(1000);
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	printf("too late %d\n", lock(&second, &now));
	printf("its holder ends: %d, ", lock(&second, 0));
	printf("died %d\n", (second & FUTEX_OWNER_DIED) != 0);
	pthread_join(thread, 0);
	return 0;
}
