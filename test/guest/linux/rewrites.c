/* A file of half a megabyte, of which a little changes again and again. */
#include <fcntl.h>
#include <unistd.h>

static char block[4096];

int main(void)
{
	int fd = open("/tmp/large", O_RDWR | O_CREAT | O_TRUNC, 0600);
	for (int i = 0; i < 128; i++)
		block[0] = i, write(fd, block, sizeof block);
	for (int i = 0; i < 100000; i++)
		pwrite(fd, &i, sizeof i, 4096 * (i % 128));
	return 0;
}
