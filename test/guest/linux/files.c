/* Files and directories below the working directory, standard input, descriptors. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int compare(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

int main(int argc, char **argv)
{
	char line[64], *names[16];
	int i, count = 0;
	struct stat st;
	for (i = 1; i < argc; i++)
		printf("argument %s\n", argv[i]);
	FILE *file = fopen("data.txt", "r");
	while (file && fgets(line, sizeof line, file))
		printf("line: %s", line);
	printf("size %ld\n", (fseek(file, 0, SEEK_END), ftell(file)));
	rewind(file);
	printf("first %c\n", fgetc(file));
	fclose(file);
	printf("stat %d, regular %d, size %ld\n", stat("data.txt", &st), S_ISREG(st.st_mode), (long)st.st_size);
	printf("directory %d\n", stat("sub", &st) == 0 && S_ISDIR(st.st_mode));
	printf("missing: %s\n", fopen("nowhere.txt", "r") ? "found" : strerror(errno));
	printf("access %d %d\n", access("data.txt", R_OK), access("nowhere.txt", R_OK));
	DIR *dir = opendir("sub");
	for (struct dirent *entry; dir && (entry = readdir(dir));)
		names[count++] = strdup(entry->d_name);
	qsort(names, count, sizeof *names, compare);
	for (i = 0; i < count; i++)
		printf("entry %s\n", names[i]);
	int fd = open("sub/../data.txt", O_RDONLY), copy = dup(fd);
	read(fd, line, 3);
	printf("shared offset %ld\n", (long)lseek(copy, 0, SEEK_CUR));
	printf("pread %ld %c\n", (long)pread(fd, line, 1, 1), line[0]);
	close(fd);
	printf("closed: %ld %s\n", (long)read(fd, line, 1), strerror(errno));
	while (fgets(line, sizeof line, stdin))
		printf("typed: %s", line);
	printf("null %ld\n", (long)write(open("/dev/null", O_WRONLY), line, 5));
	file = fopen("created.txt", "w+");
	fprintf(file, "%d%s", 12345, " end");
	fseek(file, 2, SEEK_SET);
	fputc('x', file);
	rewind(file);
	printf("created: %s", fgets(line, sizeof line, file));
	fclose(file);
	file = fopen("created.txt", "a");
	fputs("more", file);
	printf(", size %ld, gone %d\n", (fflush(file), stat("created.txt", &st), (long)st.st_size), unlink("created.txt"));
	fprintf(stderr, "to standard error\n");
	return 3;
}
