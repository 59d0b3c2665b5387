/* The first and only process: proves that user space, files, time and arithmetic work, and restarts the machine. */
#include <stdio.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

static void show(const char *path)
{
	char line[256];
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		fputs(line, stdout);
	if (file)
		fclose(file);
}

/* FNV-1a over bytes 0 to 255, again and again. */
static unsigned fnv(unsigned count)
{
	unsigned hash = 2166136261u;
	for (unsigned i = 0; i < count; i++)
		hash = (hash ^ (i & 255)) * 16777619u;
	return hash;
}

int main(void)
{
	struct utsname name;
	mkdir("/proc", 0755);
	mount("proc", "/proc", "proc", 0, 0);
	uname(&name);
	printf("\nTINY-INIT: %s %s on %s\n", name.sysname, name.release, name.machine);
	show("/proc/cpuinfo");
	show("/proc/interrupts");
	show("/proc/uptime");
	printf("TINY-INIT: fnv %08x\n", fnv(3000000));
	show("/proc/uptime");
	printf("TINY-INIT: done\n");
	fflush(stdout);
	sleep(1);
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}
