// One address in two processes, and the program once more in its own place.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int watched = 1;

static int again(int argc)
{
	return argc + 40; /* again */
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return again(argc);
	pid_t child = fork(); /* begins */
	if (child == 0) {
		watched = 2;
		watched = 3;
		execl("/proc/self/exe", "twins", "again", (char *)0);
		_exit(1);
	}
	int status;
	waitpid(child, &status, 0);
	watched = 4;
	return WEXITSTATUS(status) != 42; /* ends */
}
