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

# What GCC calls even where there is no library: void *memset(void *, int, size_t), void *memcpy(void *, const void *, size_t).
	.globl	memset
	.type	memset, @function
memset:
	mtctr	5
	mr	6, 3
	cmpwi	5, 0
	beqlr
1:	stb	4, 0(6)
	addi	6, 6, 1
	bdnz	1b
	blr
	.size	memset, . - memset

	.globl	memcpy
	.type	memcpy, @function
memcpy:
	mtctr	5
	mr	6, 3
	cmpwi	5, 0
	beqlr
1:	lbz	0, 0(4)
	stb	0, 0(6)
	addi	4, 4, 1
	addi	6, 6, 1
	bdnz	1b
	blr
	.size	memcpy, . - memcpy

	.section .bss
	.balign	16
	.space	4096
stack_top:
	.space	16
