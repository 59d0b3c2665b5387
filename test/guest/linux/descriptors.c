/* A file of one's own, grown, cut and written in the middle; streams that change what they are; who one is. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static void contents(const char *what, int fd)
{
	char text[64];
	long length = pread(fd, text, sizeof text, 0);
	printf("%s: %ld bytes:", what, length);
	for (long i = 0; i < length; i++)
		printf(text[i] ? " %c" : " 0", text[i]);
	printf("\n");
}

int main(void)
{
	char line[64];
	int fd = open("own.txt", O_RDWR | O_CREAT | O_TRUNC, 0644);
	printf("written %ld, ", (long)pwrite(fd, "middle", 6, 4));
	printf("offset %ld\n", (long)lseek(fd, 0, SEEK_CUR));
	contents("a hole", fd);
	printf("cut %d\n", ftruncate(fd, 7));
	contents("shorter", fd);
	printf("grown %d\n", ftruncate(fd, 9));
	contents("longer", fd);
	printf("truncate %d %d %s\n", truncate("own.txt", 2), truncate("nowhere.txt", 2), strerror(errno));
	contents("by name", fd);
	printf("access %d, chmod %d, flock %d, sync %d %d, advise %d\n", access("own.txt", W_OK), fchmod(fd, 0600),
	       flock(fd, LOCK_EX), fsync(fd), fdatasync(fd), posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL));
	printf("mode %o, ", fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_CREAT | O_TRUNC | O_EXCL));
	printf("append %d %o, ", fcntl(fd, F_SETFL, O_APPEND | O_RDONLY), fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND));
	lseek(fd, 0, SEEK_SET);
	printf("written %ld at the end %ld\n", (long)write(fd, "+", 1), (long)lseek(fd, 0, SEEK_CUR));
	printf("umask %o %o\n", umask(027), umask(022));
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 10);
	printf("on exec %d %d, set %d %d\n", fcntl(fd, F_GETFD), fcntl(copy, F_GETFD), fcntl(fd, F_SETFD, FD_CLOEXEC),
	       fcntl(fd, F_GETFD));
	close(copy);
	int reader = open("own.txt", O_RDONLY), writer = open("own.txt", O_WRONLY);
	printf("to a reader %ld, from a writer %ld %s\n", (long)write(reader, "x", 1), (long)read(writer, line, 1),
	       strerror(errno));
	close(reader);
	close(writer);
	printf("dup3 %d, same %s\n", dup3(fd, 20, O_CLOEXEC), dup3(fd, fd, 0) < 0 ? strerror(errno) : "allowed");
	close(20);
	close(fd);
	unlink("own.txt");

	int sub = open("sub", O_RDONLY | O_DIRECTORY);
	printf("fchdir %d, ", fchdir(sub));
	printf("one %d\n", access("one", R_OK));
	printf("back %d\n", chdir(".."));

	printf("reopened %d:", freopen("data.txt", "r", stdin) == stdin);
	while (fgets(line, sizeof line, stdin))
		printf(" %.*s", (int)strcspn(line, "\n"), line);
	printf("\n");

	printf("ids %d %d %d\n", setuid(getuid()), setgid(getgid()), getpgid(0) == getpgrp());
	uid_t real, effective, saved;
	printf("all three %d %d\n", getresuid(&real, &effective, &saved), real == getuid() && saved == geteuid());
	return 0;
}
