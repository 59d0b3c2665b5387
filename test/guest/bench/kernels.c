/* Kernels of the usual kinds. KERNEL chooses one at compile time, otherwise all run but that for FLOAT; each returns a checksum. */
typedef unsigned int u32;
typedef unsigned char u8;

static u32 seed = 440;
static u32 next(void) { return seed = seed * 1664525u + 1013904223u; }

#define SIEVE 8192
static u32 sieve(void)
{
	static u8 composite[SIEVE];
	u32 count = 0;
	for (u32 i = 0; i < SIEVE; i++)
		composite[i] = 0;
	for (u32 i = 2; i < SIEVE; i++) {
		if (composite[i])
			continue;
		count++;
		for (u32 k = 2 * i; k < SIEVE; k += i)
			composite[k] = 1;
	}
	return count;
}

static u32 numbers[1024];
static void sort(int low, int high)
{
	while (low < high) {
		u32 pivot = numbers[(low + high) / 2];
		int i = low, k = high;
		while (i <= k) {
			while (numbers[i] < pivot)
				i++;
			while (numbers[k] > pivot)
				k--;
			if (i <= k) {
				u32 swap = numbers[i];
				numbers[i++] = numbers[k];
				numbers[k--] = swap;
			}
		}
		sort(low, k);
		low = i;
	}
}
static u32 quicksort(void)
{
	for (int i = 0; i < 1024; i++)
		numbers[i] = next();
	sort(0, 1023);
	return numbers[0] ^ numbers[512] ^ numbers[1023];
}

static u32 rotate(u32 x, int n) { return x << n | x >> (32 - n); }
static u32 digest(void)
{
	u32 a = 0x67452301, b = 0xefcdab89, c = 0x98badcfe, d = 0x10325476;
	for (int block = 0; block < 64; block++) {
		u32 word[16];
		for (int i = 0; i < 16; i++)
			word[i] = next();
		for (int i = 0; i < 64; i++) {
			u32 f = i < 16 ? (b & c) | (~b & d) : i < 32 ? (d & b) | (~d & c) : i < 48 ? b ^ c ^ d : c ^ (b | ~d);
			f += a + word[(i * 5 + 1) & 15] + 0x5a827999;
			a = d, d = c, c = b, b += rotate(f, (i & 3) * 5 + 4);
		}
	}
	return a ^ b ^ c ^ d;
}

static u32 fib(u32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
static u32 recursion(void) { return fib(20); }

struct node { struct node *next; u32 key; u32 data; };
static u32 lists(void)
{
	static struct node nodes[512];
	u32 sum = 0;
	struct node *head = 0;
	for (int i = 0; i < 512; i++) {
		nodes[i].key = next() >> 16;
		nodes[i].next = head;
		head = &nodes[i];
	}
	for (int round = 0; round < 40; round++) {
		struct node *previous = 0, *node = head;
		while (node) {
			struct node *following = node->next;
			node->next = previous;
			node->data = sum += node->key;
			previous = node;
			node = following;
		}
		head = previous;
	}
	return sum;
}

static u32 matrices(void)
{
	static short a[24][24], b[24][24];
	static int c[24][24];
	u32 sum = 0;
	for (int i = 0; i < 24; i++)
		for (int k = 0; k < 24; k++)
			a[i][k] = next() >> 20, b[i][k] = next() >> 20;
	for (int i = 0; i < 24; i++)
		for (int k = 0; k < 24; k++) {
			int total = 0;
			for (int l = 0; l < 24; l++)
				total += a[i][l] * b[l][k];
			sum += c[i][k] = total;
		}
	return sum;
}

static u32 text(void)
{
	static char buffer[4096];
	u32 hash = 5381;
	for (int i = 0; i < 4095; i++)
		buffer[i] = "the quick brown fox "[next() >> 27 < 20 ? next() >> 28 : i % 20];
	for (int round = 0; round < 8; round++) {
		char *p = buffer;
		while (*p) {
			char *word = p;
			while (*p && *p != ' ')
				p++;
			for (char *q = word; q < p; q++)
				hash = hash * 33 ^ (u8)*q;
			while (*p == ' ')
				p++;
		}
	}
	return hash;
}

#ifdef FLOAT
static u32 mandelbrot(void)
{
	u32 sum = 0;
	double y = -1.0;
	for (int row = 0; row < 32; row++, y += 0.0625) {
		double x = -2.0;
		for (int column = 0; column < 32; column++, x += 0.09375) {
			double a = 0, b = 0;
			int n = 0;
			while (n < 64 && a * a + b * b < 4.0) {
				double next = a * a - b * b + x;
				b = 2.0 * a * b + y;
				a = next;
				n++;
			}
			sum = sum * 31 + n;
		}
	}
	return sum;
}
#endif

u32 run_kernel(u32 repeat)
{
	u32 sum = 0;
	while (repeat--) {
#ifdef KERNEL
		sum = sum * 31 + KERNEL();
#else
		sum = sum * 31 + sieve() + quicksort() + digest() + recursion() + lists() + matrices() + text();
#endif
	}
	return sum;
}
