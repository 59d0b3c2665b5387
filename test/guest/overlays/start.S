# A stack, then main.
	.section .start, "ax"
	.globl	_start
_start:
	lis	1, stack@ha
	addi	1, 1, stack@l
	bl	main
1:	b	1b

	.bss
	.balign	16
	.space	4096
stack:	.space	64
