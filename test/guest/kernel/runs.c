/* The first process: executes each program that is there beside it, says how it has ended, and restarts the machine. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	setvbuf(stdout, 0, _IONBF, 0);
	mkdir("/proc", 0755);
	mount("proc", "/proc", "proc", 0, 0);
	DIR *programs = opendir("/programs");
	struct dirent *each;
	while (programs && (each = readdir(programs))) {
		char path[300];
		int status = 0;
		if (each->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/programs/%s", each->d_name);
		printf("\nBEGIN %s\n", each->d_name);
		if (fork() == 0) {
			execl(path, path, (char *)0);
			_exit(127);
		}
		wait(&status);
		printf("\nEND %s %d\n", each->d_name, status);
	}
	sleep(1);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}
