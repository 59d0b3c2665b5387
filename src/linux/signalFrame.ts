// What the kernel puts on the stack for a signal handler: struct rt_sigframe of 32-bit PowerPC, with struct ucontext and
// struct mcontext in it (arch/powerpc/kernel/signal_32.c, include/uapi/asm/ucontext.h). Whoever reads or writes one
// takes the places from here.

export const RT_SIGRETURN = 172

/** Where handlers return to. */
export const TRAMPOLINE = [0x38000000 | RT_SIGRETURN, 0x44000002]

/** From low to high: room for the ABI's back chain and for the handler's callees, then siginfo and context. */
export const SIGINFO = 80
export const SIGINFO_BYTES = 128
export const CONTEXT = SIGINFO + SIGINFO_BYTES

/** Offsets in struct ucontext: the stack for handlers, a pointer to the registers, the mask, and where the registers are here. */
export const UC_STACK = 8
export const UC_REGS = 48
export const UC_SIGMASK = 52
export const UC_MCONTEXT = 192

/** Words of struct mcontext by their index; 0 to 31 are the general registers. */
export const NIP = 32
export const MSR = 33
export const CTR = 35
export const LNK = 36
export const XER = 37
export const CCR = 38
/** Offsets of the floating-point registers in it, and of FPSCR. */
export const FREGS = 4 * 48
export const FPSCR = FREGS + 8 * 32 + 4

/** Bytes of the registers, as far as they are filled; without vector registers. */
export const MCONTEXT_BYTES = FPSCR + 12
export const CONTEXT_BYTES = UC_MCONTEXT + MCONTEXT_BYTES
