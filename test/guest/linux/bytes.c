/* Bytes of files: holes, ends, both ends of pipes, devices, and one file by way of another. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static long long result;

#define TRY(call)                                                    \
	(errno = 0, result = (long long)(call),                      \
	 printf("%s: %lld %s\n", #call, result, result < 0 ? strerror(errno) : ""))

static char text[70000], back[70000];

int main(void)
{
	struct stat st;
	int fd = open("bytes", O_RDWR | O_CREAT | O_TRUNC, 0644), ends[2], count;

	/* A file with a hole, over blocks. */
	for (unsigned i = 0; i < sizeof text; i++)
		text[i] = 'a' + i % 26;
	TRY(pwrite(fd, text, 10000, 1 << 20)), TRY(pwrite(fd, text, 10, 4090));
	TRY(lseek(fd, 0, SEEK_DATA)), TRY(lseek(fd, 0, SEEK_HOLE)), TRY(lseek(fd, 8192, SEEK_DATA)), TRY(lseek(fd, 0, SEEK_END));
	TRY(lseek(fd, 2 << 20, SEEK_DATA)), TRY(lseek(fd, 2 << 20, SEEK_HOLE)), TRY(lseek(fd, -1, SEEK_SET)), TRY(lseek(fd, 0, 9));
	TRY(pread(fd, back, 20, 4085)), TRY(memcmp(back, "\0\0\0\0\0abcdefghij\0\0\0\0\0", 20));
	TRY(pread(fd, back, 70000, (1 << 20) + 9990)), printf("%.10s\n", back), TRY(pread(fd, back, 5, 9 << 20));
	TRY(ftruncate(fd, 4095)), TRY(ftruncate(fd, 9000)), TRY(pread(fd, back, 9000, 0));
	printf("%c%d\n", back[4094], back[4095]);
	TRY(ftruncate(fd, -1)), TRY(pread(fd, back, 1, -1)), fstat(fd, &st), printf("%lld\n", (long long)st.st_size);
	TRY(posix_fallocate(fd, 8000, 5000)), fstat(fd, &st), printf("%lld\n", (long long)st.st_size);
	TRY(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 99999)), fstat(fd, &st), printf("%lld\n", (long long)st.st_size);
	TRY(fallocate(fd, 0, -1, 5)), TRY(fallocate(fd, 0, 0, 0)), close(fd);

	/* Vectors, and what is open to append. */
	fd = open("bytes", O_RDWR | O_TRUNC | O_APPEND);
	struct iovec parts[3] = { { "one ", 4 }, { "", 0 }, { "two ", 4 } };
	TRY(writev(fd, parts, 3)), TRY(pwrite(fd, "three", 5, 0)), TRY(pwritev(fd, parts, 1, 2)), TRY(lseek(fd, 0, SEEK_CUR));
	struct iovec into[2] = { { back, 6 }, { back + 6, 50 } };
	TRY(preadv(fd, into, 2, 0)), printf("%.17s\n", back), TRY(readv(fd, into, 2)), TRY(writev(fd, parts, -1));
	TRY(fcntl(fd, F_SETFL, 0)), TRY(pwrite(fd, "O", 1, 0)), TRY(pread(fd, back, 3, 0)), printf("%.3s\n", back);
	TRY(ioctl(fd, FIONREAD, &count)), printf("%d left\n", count);

	/* From one file to another. */
	int copy = open("copied", O_RDWR | O_CREAT | O_TRUNC, 0644);
	off_t from = 4;
	TRY(sendfile(copy, fd, &from, 3)), printf("%lld\n", (long long)from), lseek(fd, 0, SEEK_SET);
	TRY(sendfile(copy, fd, 0, 1000)), TRY(lseek(fd, 0, SEEK_CUR)), TRY(pread(copy, back, 99, 0)), printf("%.20s\n", back);
	TRY(sendfile(99, fd, 0, 1)), close(copy), close(fd);

	/* A pipe. */
	TRY(pipe(ends)), TRY(write(ends[1], "through", 7)), TRY(write(ends[1], " and more", 9));
	TRY(ioctl(ends[0], FIONREAD, &count)), printf("%d\n", count);
	TRY(read(ends[0], back, 10)), printf("%.10s\n", back), TRY(read(ends[0], back, 100));
	TRY(write(ends[0], "x", 1)), TRY(read(ends[1], back, 1)), TRY(lseek(ends[0], 0, SEEK_SET)), TRY(pread(ends[0], back, 1, 0));
	fstat(ends[0], &st), printf("%o\n", st.st_mode & S_IFMT);
	fcntl(ends[0], F_SETFL, O_NONBLOCK), fcntl(ends[1], F_SETFL, O_NONBLOCK);
	TRY(read(ends[0], back, 1));
	long all = 0;
	for (long part; (part = write(ends[1], text, 5000)) > 0;)
		all += part;
	/* How much fits depends on how many pipes the user of the host has. */
	printf("full: %s\n", strerror(errno)), TRY(write(ends[1], text, 1));
	while ((count = read(ends[0], back, 4096)) > 0)
		all -= count;
	printf("%ld are lost\n", all);
	close(ends[1]), TRY(read(ends[0], back, 1)), close(ends[0]);
	TRY(pipe2(ends, O_CLOEXEC)), TRY(fcntl(ends[0], F_GETFD)), TRY(fcntl(ends[1], F_GETFL) & O_ACCMODE);
	close(40), TRY(dup2(ends[1], 40)), close(ends[1]), TRY(write(40, "last", 4)), close(40), TRY(read(ends[0], back, 9));
	TRY(read(ends[0], back, 9)), TRY(pipe2(ends, 1));

	/* Devices. */
	fd = open("/dev/zero", O_RDWR), memset(back, 1, 9), TRY(read(fd, back, 9)), TRY(back[0] + back[8]), TRY(write(fd, "x", 1));
	fd = open("/dev/full", O_RDWR), TRY(write(fd, "x", 1)), TRY(read(fd, back, 1));
	fd = open("/dev/null", O_RDWR), TRY(write(fd, text, 70000)), TRY(read(fd, back, 1)), TRY(lseek(fd, 5, SEEK_SET) >= 0);
	fd = open("/dev/urandom", O_RDONLY), TRY(read(fd, back, 300)), TRY(memcmp(back, back + 100, 100) != 0);
	fstat(fd, &st), printf("%o %llx\n", st.st_mode & S_IFMT, (unsigned long long)st.st_rdev);
	fd = open("/dev/zero", O_RDONLY);
	TRY(open("/dev/nothing", O_RDONLY)), TRY(open("/proc/1000000", O_RDONLY)), TRY(isatty(fd)), TRY(fsync(fd) * 0);
	fd = open("bytes", O_RDONLY);
	snprintf(back, 99, "/proc/self/fd/%d", fd), memset(text, 0, 300), TRY(readlink(back, text, 299) > 0);
	printf("%s\n", strrchr(text, '/')), snprintf(back, 99, "/dev/fd/%d", fd);
	int again = open(back, O_RDONLY);
	TRY(read(again, text, 3)), TRY(lseek(fd, 0, SEEK_CUR)), TRY(close_range(again, again, 0)), TRY(close(again));
	return 0;
}
