/* Threads and a process to walk through. */
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int done;

static void *work(void *argument)
{
	long number = (long)argument;
	long sum = 0;
	for (long i = 0; i < 30000 * number; i++)
		sum += i;	/* busy */
	pthread_mutex_lock(&lock);
	done += number;		/* done */
	pthread_mutex_unlock(&lock);
	return (void *)sum;
}

static int child(int status)
{
	return status + 1;	/* child */
}

int main(void)
{
	pthread_t first, second;
	int status;
	pthread_create(&first, 0, work, (void *)1);
	pthread_create(&second, 0, work, (void *)2);
	pthread_join(first, 0);		/* join */
	pthread_join(second, 0);
	printf("%d done\n", done);	/* joined */
	if (fork() == 0)
		_exit(child(6));
	wait(&status);
	return WEXITSTATUS(status);	/* waited */
}
