/* Code that pread(2) puts into memory, over code that has become hot there: what is called is what was read last. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROUNDS 6
#define CALLS 20000

int main(void)
{
	unsigned *code = mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned sum = 0;
	int file = open("code.bin", O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (code == MAP_FAILED || file < 0)
		return 1;
	for (unsigned round = 1; round <= ROUNDS; round++) {
		/* addi r3, r3, round; blr */
		unsigned fresh[2] = { 0x38630000u | round, 0x4e800020u };
		if (pwrite(file, fresh, sizeof fresh, 0) != sizeof fresh || pread(file, code, sizeof fresh, 0) != sizeof fresh)
			return 2;
		for (int i = 0; i < CALLS; i++)
			sum = ((unsigned (*)(unsigned))code)(sum);
	}
	printf("%u\n", sum);
	return 0;
}
