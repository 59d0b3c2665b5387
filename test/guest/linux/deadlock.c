/* Two threads, each of which holds the lock that the other wants. */
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;

static void *other(void *argument)
{
	pthread_mutex_lock(&second);
	usleep(1000);
	pthread_mutex_lock(&first);
	return 0;
}

int main(void)
{
	pthread_t thread;
	pthread_mutex_lock(&first);
	pthread_create(&thread, 0, other, 0);
	usleep(1000);
	pthread_mutex_lock(&second);
	return 0;
}
