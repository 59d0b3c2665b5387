/* Waiting for several files at once. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

static void tell(const char *what, int result, const struct pollfd *list, int count)
{
	printf("%s: %d %s:", what, result, result < 0 ? strerror(errno) : "");
	for (int i = 0; i < count; i++)
		printf(" %x", list[i].revents);
	printf("\n");
}

int main(void)
{
	int result, ends[2], fd = open("data.txt", O_RDWR);
	char text[5000];
	/* Closed, and in the table of files: Linux's select does not look at what is beyond the end of its table, which is as
	   long as what this process, or the one it was forked from, has had open. */
	for (int number = 98; number <= 99; number++)
		dup2(fd, number), close(number);
	pipe(ends);
	struct pollfd list[] = { { ends[0], POLLIN }, { ends[1], POLLOUT }, { fd, POLLIN | POLLOUT }, { -1, POLLIN }, { 99, POLLIN } };
	tell("an empty pipe", poll(list, 1, 10), list, 1);
	tell("all", poll(list, 5, -1), list, 5);
	write(ends[1], "x", 1);
	tell("with a byte", poll(list, 2, -1), list, 2);
	list[0].events = POLLIN | POLLRDNORM | POLLPRI, tell("normal", poll(list, 1, 0), list, 1), list[0].events = POLLIN;
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	while (write(ends[1], text, sizeof text) > 0)
		;
	tell("full", poll(list + 1, 1, 0), list + 1, 1);

	fd_set reads, writes, others;
	struct timeval timeout = { 0, 1000 };
	memset(&reads, 0, sizeof reads), memset(&writes, 0, sizeof writes), memset(&others, 0, sizeof others);
	FD_SET(ends[0], &reads);
	FD_SET(fd, &reads);
	FD_SET(ends[1], &writes);
	FD_SET(fd, &others);
	printf("select %d:", select(64, &reads, &writes, &others, &timeout));
	printf(" %d %d %d %d\n", FD_ISSET(ends[0], &reads), FD_ISSET(fd, &reads), FD_ISSET(ends[1], &writes), FD_ISSET(fd, &others));
	FD_SET(ends[1], &writes);
	timeout.tv_usec = 1000;
	printf("nothing %d", select(ends[1] + 1, 0, &writes, 0, &timeout));
	printf(" %d\n", FD_ISSET(ends[1], &writes));
	FD_SET(98, &reads);
	printf("a wrong one %d", select(99, &reads, 0, 0, 0)), printf(" %s\n", strerror(errno));
	timeout.tv_sec = -1, printf("a wrong time %d", select(0, 0, 0, 0, &timeout)), printf(" %s\n", strerror(errno));
	struct timespec moment = { 0, 100 };
	printf("a moment %d %d %d\n", pselect(0, 0, 0, 0, &moment, 0), ppoll(list, 0, &moment, 0), poll(0, 0, 1));

	close(ends[1]), tell("written and closed", poll(list, 1, -1), list, 1);
	while (read(ends[0], text, sizeof text) > 0)
		;
	tell("the end", poll(list, 1, -1), list, 1);
	pipe(ends), list[1].fd = ends[1], close(ends[0]);
	tell("without a reader", poll(list + 1, 1, -1), list + 1, 1);
	list[0].fd = 0, result = poll(list, 1, -1);
	/* Whoever typed may have gone by now, or not. */
	list[0].revents &= ~POLLHUP, tell("typed", result, list, 1);
	while (read(0, text, sizeof text) > 0)
		;
	/* A socket that is at its end can be read, a pipe has hung up. */
	printf("all typed %d\n", poll(list, 1, -1));
	return 0;
}
