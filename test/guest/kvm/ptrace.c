// The first process of a Linux: a debugger that uses the kernel's hardware breakpoints on a child. No C library.
//   powerpc-linux-gnu-gcc -mcpu=440 -msoft-float -O1 -nostdlib -static -fno-pie -no-pie ptrace.c

typedef unsigned int u32;
typedef unsigned long long u64;

enum { EXIT = 1, FORK = 2, WRITE = 4, GETPID = 20, PTRACE = 26, KILL = 37, REBOOT = 88, WAIT4 = 114 };
enum { TRACEME = 0, PEEKDATA = 2, PEEKUSR = 3, CONT = 7, SINGLESTEP = 9, GETINFO = 0x89, SET = 0x88, DEL = 0x87 };
enum { SIGTRAP = 5, SIGSTOP = 19, NIP = 32 };

struct breakpoint { u32 version, trigger, addr_mode, condition_mode; u64 addr, addr2, condition_value; };
struct info { u32 version, instruction_bps, data_bps, condition_regs, alignment, sizeof_condition; u64 features; };

static long call(long number, long a, long b, long c, long d)
{
	register long r0 asm("r0") = number;
	register long r3 asm("r3") = a;
	register long r4 asm("r4") = b;
	register long r5 asm("r5") = c;
	register long r6 asm("r6") = d;
	asm volatile("sc\n\tbns+ 1f\n\tneg 3,3\n1:" : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6) : :
		"r7", "r8", "r9", "r10", "r11", "r12", "ctr", "cr0", "memory");
	return r3;
}

static void say(const char *text)
{
	int n = 0;
	while (text[n]) n++;
	call(WRITE, 1, (long)text, n, 0);
}

static void number(const char *name, u32 value)
{
	char digits[9];
	for (int i = 0; i < 8; i++) digits[i] = "0123456789abcdef"[value >> (28 - 4 * i) & 15];
	digits[8] = 0;
	say("PTRACE: "); say(name); say(" "); say(digits); say("\n");
}

volatile u32 watched;
extern char mark[], store[];

// Five additions at `mark`, then stores of 1 to 5 to `watched` at `store`.
asm("	.text\n"
    "	.globl body\n"
    "body:	lis 9,watched@ha\n"
    "	li 10,0\n"
    "	li 11,0\n"
    "mark:	addi 11,11,1\n"
    "	addi 11,11,1\n"
    "	addi 11,11,1\n"
    "	addi 11,11,1\n"
    "	addi 11,11,1\n"
    "next:	addi 10,10,1\n"
    "store:	stw 10,watched@l(9)\n"
    "	cmpwi 10,5\n"
    "	blt next\n"
    "	blr\n");
void body(void);

static void child(void)
{
	call(PTRACE, TRACEME, 0, 0, 0);
	call(KILL, call(GETPID, 0, 0, 0, 0), SIGSTOP, 0, 0);
	body();
	call(EXIT, 7, 0, 0, 0);
}

static int pid;

static u32 user(int index)
{
	long value;
	call(PTRACE, PEEKUSR, pid, 4 * index, (long)&value);
	return value;
}

static u32 memory(volatile void *address)
{
	long value;
	call(PTRACE, PEEKDATA, pid, (long)address, (long)&value);
	return value;
}

/** Goes on by `how` until the child stops or ends: its wait status. */
static int go(int how)
{
	int status = 0;
	call(PTRACE, how, pid, 0, 0);
	call(WAIT4, pid, (long)&status, 0, 0);
	return status;
}

static long set(u32 trigger, u32 condition_mode, u64 address, u64 value)
{
	struct breakpoint one = { 1, trigger, 0, condition_mode, address, 0, value };
	return call(PTRACE, SET, pid, 0, (long)&one);
}

void _start(void)
{
	struct info info;
	int status;
	pid = call(FORK, 0, 0, 0, 0);
	if (pid == 0) child();
	call(WAIT4, pid, (long)&status, 0, 0);
	call(PTRACE, GETINFO, pid, 0, (long)&info);
	number("instruction", info.instruction_bps);
	number("data", info.data_bps);
	number("values", info.condition_regs);

	long slot = set(1, 0, (u32)mark, 0);
	number("iac-status", go(CONT));
	number("iac-at", user(NIP) - (u32)mark);
	call(PTRACE, DEL, pid, 0, slot);
	for (int n = 0; n < 5; n++) status = go(SINGLESTEP);
	number("step-status", status);
	number("step-at", user(NIP) - (u32)mark);
	number("step-r11", user(11));

	// A word written with the value 3: DAC1 and DVC1, all four bytes.
	number("watch", set(4, 1 | 15 << 16, (u32)&watched, 3) > 0);
	number("dac-status", go(CONT));
	number("dac-at", user(NIP) - (u32)store);
	number("dac-r10", user(10));
	number("dac-memory", memory(&watched));
	number("exit", go(CONT));
	say("PTRACE: done\n");
	call(REBOOT, 0xfee1dead, 672274793, 0x01234567, 0);
}
