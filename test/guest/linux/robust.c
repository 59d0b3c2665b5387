/* A thread ends with a lock that says so to the next. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static void *takes(void *lock)
{
	pthread_mutex_lock(lock);
	return 0;
}

int main(void)
{
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_mutexattr_t kind;
	pthread_mutexattr_init(&kind);
	pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&lock, &kind);
	pthread_create(&thread, 0, takes, &lock);
	pthread_join(thread, 0);
	printf("owner died: %d, ", pthread_mutex_lock(&lock) == EOWNERDEAD);
	printf("consistent: %d\n", pthread_mutex_consistent(&lock) == 0 && pthread_mutex_unlock(&lock) == 0);
	return 0;
}
