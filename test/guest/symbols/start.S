	.globl	_start
	.type	_start, @function
_start:
	lis	1, stack_top@ha
	addi	1, 1, stack_top@l
	li	0, 0
	stwu	0, -16(1)
	bl	main
forever:
	b	forever
	.size	_start, . - _start

	.section .bss
	.balign	16
	.space	4096
stack_top:
	.space	16
