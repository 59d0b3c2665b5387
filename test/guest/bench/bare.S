# A program on the board: a stack, the kernel, its checksum on the serial port, and a reset, which ends both emulators.
	.section .init, "ax"
	.globl	_start
_start:	lis	1, stack_top@ha
	addi	1, 1, stack_top@l
	li	0, 0
	stwu	0, -16(1)
	mfmsr	3
	ori	3, 3, 0x2000		# MSR[FP]
	mtmsr	3
	isync
	lis	3, REPEAT@h
	ori	3, 3, REPEAT@l
	bl	run_kernel
	lis	9, 0xef60
	ori	9, 9, 0x0300
	li	8, 8
	mtctr	8
1:	rlwinm	3, 3, 4, 0, 31
	clrlwi	4, 3, 28
	cmpwi	4, 10
	addi	4, 4, '0'
	blt	2f
	addi	4, 4, 'a' - '0' - 10
2:	stb	4, 0(9)
	bdnz	1b
	li	4, '\n'
	stb	4, 0(9)
	li	3, 0
	lis	4, 0x3000
	mtspr	308, 4
3:	b	3b

	.bss
	.balign	16
	.space	65536
stack_top:
