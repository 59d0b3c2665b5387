/* Told names of files on its standard input, one a line, it says how long each is and writes what it has read. A child
 * does the writing, and a signal counts what has been dealt with. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int dealt;

static void counts(int signal)
{
	dealt++;
}

int main(void)
{
	char name[100], text[4000];
	signal(SIGUSR1, counts);
	while (fgets(name, sizeof name, stdin)) {
		name[strcspn(name, "\n")] = 0;
		FILE *file = fopen(name, "r");
		size_t length = file ? fread(text, 1, sizeof text, file) : 0;
		if (file)
			fclose(file);
		if (fork() == 0) {
			FILE *copy = fopen("copy.txt", "a");
			fwrite(text, 1, length, copy);
			fclose(copy);
			kill(getppid(), SIGUSR1);
			_exit(0);
		}
		while (wait(0) < 0)
			;
		printf("%s: %zu, %d dealt with\n", name, length, dealt);
		fflush(stdout);
	}
	return dealt;
}
