/* A guest that tries to get out of its directory, every way there is. What it could read or change it says. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void got(const char *how, int fd)
{
	char text[16] = "";
	if (fd < 0)
		return;
	long count = read(fd, text, 6);
	if (count > 0)
		printf("GOT %s: %.6s\n", how, text);
	close(fd);
}

static void attempt(const char *path)
{
	static const int flags[] = { O_RDONLY, O_RDWR, O_WRONLY | O_CREAT | O_TRUNC, O_RDONLY | O_DIRECTORY, O_PATH };
	struct stat st;
	char text[256];
	for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++) {
		int fd = open(path, flags[i], 0644);
		if (fd >= 0 && flags[i] & O_WRONLY)
			write(fd, "written", 7);
		got(path, fd);
	}
	stat(path, &st), lstat(path, &st), access(path, R_OK), readlink(path, text, sizeof text);
	truncate(path, 0), chmod(path, 0777), unlink(path), mkdir(path, 0777), rmdir(path), rename(path, "renamed");
	rename("inside.txt", path), symlink("/etc/passwd", path), link("/etc/passwd", path), mknod(path, S_IFIFO, 0);
	if (chdir(path) == 0) {
		got("secret.txt", open("secret.txt", O_RDONLY)), got("passwd", open("passwd", O_RDONLY));
		got("../secret.txt", open("../secret.txt", O_RDONLY));
		chdir("/"), got("/etc/passwd", open("etc/passwd", O_RDONLY));
	}
	int directory = open(path, O_RDONLY | O_DIRECTORY);
	if (directory >= 0) {
		got("openat secret.txt", openat(directory, "secret.txt", O_RDONLY));
		got("openat ../secret.txt", openat(directory, "../secret.txt", O_RDONLY));
		got("openat ../../etc/passwd", openat(directory, "../../../../../../etc/passwd", O_RDONLY));
		fchdir(directory), got("fchdir", open("secret.txt", O_RDONLY));
	}
}

int main(int argc, char **argv)
{
	static char home[4096], path[8192], up[4096];
	getcwd(home, sizeof home);
	got("inside", open("inside.txt", O_RDONLY)), got("insideLink", open("insideLink", O_RDONLY));
	for (int i = 1; i < argc; i++) {
		chdir(home), attempt(argv[i]);
		chdir(home), snprintf(path, sizeof path, "%s/%s", home, argv[i]), attempt(path);
		chdir(home), snprintf(path, sizeof path, "sub/../%s", argv[i]), attempt(path);
		chdir(home), snprintf(path, sizeof path, "./sub/.././/%s/.", argv[i]), attempt(path);
	}
	for (int i = 0; i < 3; i++)
		strcat(up, "../"), chdir(home), snprintf(path, sizeof path, "%ssecret.txt", up), attempt(path);
	/* Whatever the directory lists. */
	chdir(home);
	DIR *directory = opendir(".");
	for (struct dirent *entry; directory && (entry = readdir(directory));)
		chdir(home), attempt(entry->d_name);
	return 0;
}
