/* The same kernel as a Linux process. */
#include <stdio.h>
unsigned run_kernel(unsigned repeat);
int main(void)
{
	printf("%08x\n", run_kernel(REPEAT));
	return 0;
}
