/*
 * A board tests itself: translation, interrupts, timers, the serial port and its interrupt, cache and string
 * instructions. One line each on the serial port, and the number of failures as the status. What it says is meant to be
 * the same on any 440 with this board; it keeps to what QEMU's model gets right, so that it can run there as well.
 */
typedef unsigned int u32;
typedef unsigned char u8;

volatile struct { u32 number, from, esr, dear; } seen;
void *resume;

#define UART ((volatile u8 *)0xef600300)
#define mfspr(n) ({ u32 v_; __asm__ volatile("mfspr %0,%1" : "=r"(v_) : "i"(n)); v_; })
#define mtspr(n, v) __asm__ volatile("mtspr %0,%1; isync" : : "i"(n), "r"(v) : "memory")
#define mfdcr(n) ({ u32 v_; __asm__ volatile("mfdcr %0,%1" : "=r"(v_) : "i"(n)); v_; })
#define mtdcr(n, v) __asm__ volatile("mtdcr %0,%1" : : "i"(n), "r"(v) : "memory")
enum { MMUCR = 946, PID = 48, DEC = 22, DECAR = 54, TCR = 340, TSR = 336, TBL_WRITE = 284, TBU_WRITE = 285, TBL = 268 };
enum { EE = 0x8000, CE = 0x20000, PR = 0x4000, FP = 0x2000 };

static u32 failures;

static void put(char c)
{
	while (!(UART[5] & 0x20))
		;
	UART[0] = c;
}

static void say(const char *text)
{
	while (*text)
		put(*text++);
}

static void check(const char *what, int right)
{
	say(right ? "ok      " : "FAILED  ");
	say(what);
	put('\n');
	failures += !right;
}

static void msr_set(u32 bits)
{
	u32 msr;
	__asm__ volatile("mfmsr %0" : "=r"(msr));
	__asm__ volatile("mtmsr %0; isync" : : "r"(msr | bits) : "memory");
}

static void msr_clear(u32 bits)
{
	u32 msr;
	__asm__ volatile("mfmsr %0" : "=r"(msr));
	__asm__ volatile("mtmsr %0; isync" : : "r"(msr & ~bits) : "memory");
}

static void tlb_write(u32 entry, u32 word0, u32 word1, u32 word2)
{
	__asm__ volatile("tlbwe %1,%0,0; tlbwe %2,%0,1; tlbwe %3,%0,2; isync"
			 : : "r"(entry), "r"(word0), "r"(word1), "r"(word2) : "memory");
}

static u32 load(u32 address)
{
	return *(volatile u32 *)address;
}

static void store(u32 address, u32 value)
{
	*(volatile u32 *)address = value;
}

#define NOTHING 99
#define expect(n) (seen.number == (n))
#define forget() (seen.number = NOTHING)

static void identities(void)
{
	/* The loader's mapping is 1:1 in large pages; ours come before it in the TLB and after it in the address space. */
	enum { PAGE = 0x02000000, ALL = 0x3f };
	static const struct { u32 size, bytes; } sizes[] = { { 1, 0x1000 }, { 3, 0x10000 }, { 5, 0x100000 } };
	u32 found;
	for (int i = 0; i < 3; i++) {
		/* A space of its own: nothing but this entry is there. */
		tlb_write(5, 0x40000000 | 0x300 | sizes[i].size << 4, PAGE, ALL);
		store(PAGE, 0x11111111 + i);
		store(PAGE + sizes[i].bytes - 4, 0x22222222 + i);
		u32 first, last;
		forget();
		__asm__ volatile("mfmsr 9; ori 10,9,0x10; mtmsr 10; isync; lwz %0,0(%2); lwzx %1,%2,%3; mtmsr 9; isync"
				 : "=&r"(first), "=&r"(last)
				 : "r"(0x40000000), "r"(sizes[i].bytes - 4) : "9", "10", "memory");
		check("a page of another size, in the other space", first == 0x11111111 + i && last == 0x22222222 + i && expect(NOTHING));
		__asm__ volatile("mfmsr 9; ori 10,9,0x10; mtmsr 10; isync; lwzx %0,%1,%2; mtmsr 9; isync"
				 : "=&r"(first) : "r"(0x40000000), "r"(sizes[i].bytes) : "9", "10", "memory");
		check("and nothing behind it", expect(13) && seen.dear == 0x40000000 + sizes[i].bytes);
	}
	tlb_write(5, 0, 0, 0);
	__asm__ volatile("tlbre %0,%1,0" : "=r"(found) : "r"(5));
	check("tlbre reads what tlbwe wrote", found == 0);
}

/* One page of the other space without one permission. */
static void permissions(void)
{
	forget();
	tlb_write(5, 0x40000000 | 0x310, 0x02000000, 0x09);
	__asm__ volatile("mfmsr 9; ori 10,9,0x10; mtmsr 10; isync; stw 10,8(%0); mtmsr 9; isync"
			 : : "r"(0x40000000) : "9", "10", "memory");
	check("a store without SW is a Data Storage interrupt", expect(2) && seen.esr == 0x00800000 && seen.dear == 0x40000008);
	forget();
	__asm__ volatile("mfmsr 9; ori 10,9,0x10; mtmsr 10; isync; lwz 10,8(%0); mtmsr 9; isync"
			 : : "r"(0x40000000) : "9", "10", "memory");
	check("and a load with SR is none", expect(NOTHING));
	tlb_write(5, 0, 0, 0);
}

static void program_interrupts(void)
{
	u32 value;
	forget();
	__asm__ volatile(".long 0");
	check("an illegal instruction", expect(6) && seen.esr == 0x08000000);
	forget();
	__asm__ volatile("trap");
	check("a trap", expect(6) && seen.esr == 0x02000000);
	forget();
	msr_clear(FP);
	__asm__ volatile("fmr 1,2");
	check("floating point unavailable", expect(7));
	forget();
	__asm__ volatile("sc");
	check("a system call", expect(8));
	forget();
	__asm__ volatile("lwarx %0,0,%1" : "=r"(value) : "r"(0x02000002));
	check("a misaligned lwarx", expect(5) && seen.dear == 0x02000002);
}

static volatile u32 spin;
static int wait_for(u32 number)
{
	for (spin = 0; spin < 2000000; spin++)
		if (seen.number == number)
			return 1;
	return 0;
}

static void timers(void)
{
	mtspr(TCR, 0);
	mtspr(TSR, 0xffffffff);
	mtspr(DEC, 0);
	mtspr(DEC, 200);
	while (!(mfspr(TSR) & 0x08000000))
		;
	check("the decrementer rests at 0", mfspr(DEC) == 0);
	forget();
	mtspr(TCR, 0x04000000);
	msr_set(EE);
	check("its interrupt is level-sensitive", wait_for(10));
	mtspr(TSR, 0x08000000);
	check("TSR is cleared by ones", !(mfspr(TSR) & 0x08000000));
	forget();
	mtspr(DECAR, 5000);
	mtspr(TCR, 0x04400000);
	mtspr(DEC, 100);
	msr_set(EE);
	check("with auto-reload it interrupts", wait_for(10));
	mtspr(TSR, 0x08000000);
	forget();
	msr_set(EE);
	check("and again", wait_for(10));
	mtspr(TCR, 0);
	mtspr(DEC, 0);
	mtspr(TSR, 0xffffffff);
	forget();
	mtspr(TCR, 0x00800000);
	msr_set(EE);
	check("the fixed interval timer", wait_for(11));
	mtspr(TCR, 0);
	mtspr(TSR, 0xffffffff);
}

static void serial(void)
{
	forget();
	UART[4] = 0x1b;
	UART[0] = 0x5a;
	for (spin = 0; spin < 1000000 && !(UART[5] & 1); spin++)
		;
	u8 echoed = UART[0];
	UART[4] = 0x0b;
	check("the serial port loops back", echoed == 0x5a);
	forget();
	mtdcr(0xc3, 0);
	mtdcr(0xc4, 0xffffffff);
	mtdcr(0xc5, 0);
	mtdcr(0xc2, 0x80000000);
	UART[1] = 2;
	msr_set(EE);
	int came = wait_for(4);
	u32 status = mfdcr(0xc6);
	UART[1] = 0;
	check("its interrupt comes through the controller", came && status == 0x80000000);
	mtdcr(0xc2, 0);
	mtdcr(0xc0, 0xffffffff);
	check("and goes with its cause", mfdcr(0xc0) == 0);
}

static void storage(void)
{
	u8 *line = (u8 *)0x02000100;
	for (int i = 0; i < 128; i++)
		line[i] = i + 1;
	__asm__ volatile("dcbz 0,%0" : : "r"(line + 0x2c) : "memory");
	check("dcbz clears 32 bytes", line[0x1f] == 0x20 && !line[0x20] && !line[0x3f] && line[0x40] == 0x41);
	u32 a, b;
	__asm__ volatile("lswi 5,%2,7; mr %0,5; mr %1,6" : "=&r"(a), "=r"(b) : "b"(line + 1) : "5", "6");
	check("lswi", a == 0x02030405 && b == 0x06070800);
	__asm__ volatile("lwbrx %0,0,%1" : "=r"(a) : "r"(line));
	check("lwbrx", a == 0x04030201);
	a = 0x12345678;
	__asm__ volatile("1: lwarx %0,0,%1; addi %0,%0,1; stwcx. %0,0,%1; bne- 1b" : "=&r"(a) : "r"(line) : "cr0", "memory");
	check("lwarx and stwcx.", *(u32 *)line == 0x01020305);
	__asm__ volatile("lwz %0,3(%1)" : "=r"(a) : "b"(line));
	check("a misaligned word", a == 0x05050607);
}

int main(void)
{
	identities();
	permissions();
	program_interrupts();
	timers();
	serial();
	storage();
	say(failures ? "FAILED\n" : "all right\n");
	return failures;
}
