/* Names of files: made, linked, moved and taken away, in a directory that was there before and in one that was not. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static long long result;

#define TRY(call)                                                    \
	(errno = 0, result = (long long)(call),                      \
	 printf("%s: %lld %s\n", #call, result, result < 0 ? strerror(errno) : ""))

static struct stat st, other;

static int order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path)
{
	char *names[64], type[64];
	int count = 0;
	DIR *directory = opendir(path);
	if (!directory) {
		printf("%s: %s\n", path, strerror(errno));
		return;
	}
	for (struct dirent *entry; (entry = readdir(directory));) {
		if (fstatat(dirfd(directory), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && strcmp(entry->d_name, "..") &&
		    st.st_ino != entry->d_ino)
			printf("%s has two inodes\n", entry->d_name);
		if (strcmp(entry->d_name, "program"))
			names[count++] = strdup(entry->d_name);
	}
	closedir(directory);
	qsort(names, count, sizeof *names, order);
	printf("%s:", path);
	for (int i = 0; i < count; i++)
		printf(" %s", names[i]);
	printf("\n");
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	write(fd, text, strlen(text));
	close(fd);
}

static void show(const char *path)
{
	char text[64] = "";
	int fd = open(path, O_RDONLY);
	long length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	printf("%s: %ld %s\n", path, length, fd < 0 ? strerror(errno) : text);
	close(fd);
}

static void mode(const char *path)
{
	if (lstat(path, &st) < 0)
		printf("%s: %s\n", path, strerror(errno));
	else
		printf("%s: %o, %lu links, %lld bytes\n", path, st.st_mode, S_ISDIR(st.st_mode) ? 0ul : (unsigned long)st.st_nlink,
		       S_ISDIR(st.st_mode) ? 0ll : (long long)st.st_size);
}

int main(void)
{
	char text[256];
	umask(022);
	stat("data.txt", &st), stat("sub/one", &other);
	printf("two files: %s\n", st.st_ino == other.st_ino && st.st_dev == other.st_dev ? "the same" : "two");

	/* What was there before changes for the program. */
	TRY(open("data.txt", O_RDWR | O_CREAT | O_EXCL, 0600));
	int fd = open("data.txt", O_RDWR);
	TRY(pwrite(fd, "ALPHA", 5, 0));
	TRY(lseek(fd, 0, SEEK_END));
	TRY(write(fd, "delta\n", 6));
	show("data.txt");
	close(fd);
	fd = open("data.txt", O_WRONLY | O_APPEND);
	TRY(write(fd, "end", 3));
	TRY(lseek(fd, 0, SEEK_CUR));
	close(fd);
	show("data.txt");
	TRY(truncate("data.txt", 3));
	show("data.txt");
	TRY(truncate("data.txt", 8));
	TRY(stat("data.txt", &st));
	printf("%lld bytes\n", (long long)st.st_size);
	show("data.txt");

	/* Directories. */
	TRY(mkdir("made", 0777)), TRY(mkdir("made", 0777)), TRY(mkdir("made/in", 0700)), TRY(mkdir("nowhere/in", 0700));
	TRY(mkdir("data.txt/in", 0700)), TRY(mkdir("trailing/", 0755)), TRY(rmdir("trailing/"));
	mode("made"), mode("made/in");
	put("made/a", "a"), put("made/b", "bb");
	list("made"), list("."), list("sub"), list("made/a");
	TRY(rmdir("made")), TRY(rmdir("made/a")), TRY(rmdir("made/in/.")), TRY(rmdir("made/in/.."));
	TRY(unlink("made/in")), TRY(unlink("sub")), TRY(rmdir("sub"));
	TRY(unlink("sub/one")), TRY(unlink("sub/one")), list("sub");
	put("sub/one", "again"), list("sub"), show("sub/one");
	TRY(open("made/a/", O_RDONLY)), TRY(open("made/new/", O_WRONLY | O_CREAT, 0644)), TRY(open("made/", O_WRONLY));

	/* Links. */
	TRY(link("made/a", "made/hard")), mode("made/a");
	TRY(link("made/a", "made/b")), TRY(link("made", "linked")), TRY(link("nothing", "linked"));
	put("made/hard", "by another name"), show("made/a");
	TRY(symlink("made/a", "soft")), TRY(symlink("x", "soft")), TRY(symlink("nothing", "dangling")), TRY(symlink("", "empty"));
	mode("soft"), show("soft"), show("dangling");
	memset(text, 0, sizeof text);
	TRY(readlink("soft", text, sizeof text)), printf("%s\n", text);
	TRY(readlink("soft", text, 3)), TRY(readlink("made/a", text, 9)), TRY(readlink("made", text, 9));
	TRY(open("soft", O_RDONLY | O_NOFOLLOW)), TRY(open("dangling", O_WRONLY | O_CREAT | O_EXCL, 0644));
	TRY(close(open("dangling", O_WRONLY | O_CREAT, 0644))), list(".");
	TRY(symlink("loop2", "loop1")), TRY(symlink("loop1", "loop2")), TRY(open("loop1", O_RDONLY)), TRY(lstat("loop1", &st));
	TRY(symlink("made", "folder")), TRY(access("folder/a", F_OK)), TRY(rmdir("folder")), TRY(unlink("folder/"));
	TRY(chdir("folder")), show("a"), TRY(chdir("..")), list("folder/");
	TRY(unlink("soft")), TRY(unlink("folder")), TRY(unlink("loop1")), TRY(unlink("loop2"));
	TRY(unlink("made/a")), mode("made/hard"), show("made/hard");

	/* Moving. */
	TRY(rename("made/hard", "made/moved")), TRY(rename("made/hard", "x")), list("made");
	TRY(rename("made/moved", "made/b")), show("made/b");
	TRY(rename("made", "made/in/deep")), TRY(rename("made/b", "made/in")), TRY(rename("made/in", "made/b"));
	TRY(mkdir("target", 0755)), TRY(rename("made/in", "target")), list("made"), list("target");
	put("target/full", "1"), TRY(mkdir("made/in", 0755)), TRY(rename("made/in", "target"));
	TRY(rename("sub", "moved")), list("moved"), show("moved/two"), list(".");
	TRY(syscall(SYS_renameat2, AT_FDCWD, "moved", AT_FDCWD, "made", 1));
	TRY(syscall(SYS_renameat2, AT_FDCWD, "moved/two", AT_FDCWD, "moved/three", 2)), show("moved/two"), show("moved/three");
	TRY(syscall(SYS_renameat2, AT_FDCWD, "moved", AT_FDCWD, "made", 7));
	TRY(rename("moved", "sub")), TRY(rename(".", "x")), TRY(rename("sub/.", "x"));

	/* What is open stays. */
	put("gone", "still here");
	fd = open("gone", O_RDWR);
	TRY(unlink("gone"));
	TRY(read(fd, text, 5)), printf("%.5s\n", text);
	fstat(fd, &st), printf("%lu links\n", (unsigned long)st.st_nlink);
	put("gone", "another"), TRY(pread(fd, text, 5, 0)), printf("%.5s\n", text), unlink("gone");
	close(fd);
	mkdir("left", 0755);
	chdir("left"), rmdir("../left");
	TRY(open("x", O_WRONLY | O_CREAT, 0644)), TRY(open(".", O_RDONLY) >= 0), TRY(getcwd(text, sizeof text) != 0), TRY(chdir(".."));

	/* Permissions. */
	put("closed", "secret");
	TRY(chmod("closed", 04755)), mode("closed"), TRY(chmod("closed", 0444)), mode("closed");
	TRY(access("closed", R_OK)), TRY(access("closed", X_OK)), TRY(access("closed", 8)), TRY(access("none", F_OK));
	TRY(chmod("none", 0644)), TRY(fchmodat(AT_FDCWD, "closed", 0600, 0)), mode("closed");
	umask(077), TRY(close(open("private", O_CREAT | O_WRONLY, 0666))), mode("private"), umask(022);
	TRY(chown("closed", getuid(), getgid())), TRY(lchown("none", 1, 1));

	/* Times. */
	struct timespec times[2] = { { 1000, 5 }, { 2000, 7 } };
	TRY(utimensat(AT_FDCWD, "closed", times, 0)), stat("closed", &st);
	printf("%lld.%ld %lld.%ld\n", (long long)st.st_atime, st.st_atim.tv_nsec, (long long)st.st_mtime, st.st_mtim.tv_nsec);
	times[0].tv_nsec = UTIME_OMIT, times[1] = (struct timespec){ 3000, 1 };
	TRY(utimensat(AT_FDCWD, "closed", times, 0)), stat("closed", &st);
	printf("%lld %lld\n", (long long)st.st_atime, (long long)st.st_mtime);
	times[0].tv_nsec = 1000000000;
	TRY(utimensat(AT_FDCWD, "closed", times, 0)), TRY(utimensat(AT_FDCWD, "none", 0, 0));
	fd = open("closed", O_RDONLY), TRY(futimens(fd, 0)), fstat(fd, &st), printf("%d\n", st.st_mtime > 3000), close(fd);

	/* Reading a directory while it changes, and again. */
	mkdir("many", 0755);
	for (int i = 0; i < 40; i++)
		snprintf(text, sizeof text, "many/%d", i), put(text, "");
	DIR *directory = opendir("many");
	int count = 0;
	for (struct dirent *entry; (entry = readdir(directory));)
		if (entry->d_name[0] != '.')
			count += unlinkat(dirfd(directory), entry->d_name, 0) == 0;
	printf("%d taken away\n", count);
	put("many/new", ""), rewinddir(directory), count = 0;
	while (readdir(directory))
		count++;
	printf("%d left\n", count);
	closedir(directory);
	TRY(mkfifo("fifo", 0600)), mode("fifo"), TRY(mknod("node", S_IFREG | 0640, 0)), mode("node");
	TRY(open("sub", O_RDONLY | O_CREAT, 0644)), TRY(open("sub", O_RDWR)), TRY(open("data.txt", O_RDONLY | O_DIRECTORY));
	memset(text, 'n', 255), text[255] = 0;
	TRY(close(open(text, O_CREAT | O_WRONLY, 0644))), TRY(unlink(text));
	char longer[300];
	memset(longer, 'n', 256), longer[256] = 0;
	TRY(open(longer, O_CREAT | O_WRONLY, 0644));
	return 0;
}
