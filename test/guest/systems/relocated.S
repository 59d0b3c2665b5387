# A boot loader that goes on in a copy of itself, as U-Boot does on PowerPC: linked at 1 MB, stack and global data below it.

	.globl	_start
	.type	_start, @function
_start:
	lis	1, 0xf
	ori	1, 1, 0xfff0
	li	0, 0
	stw	0, 0(1)
	lis	2, 0xe
	bl	board_init_f
	b	.
	.size	_start, . - _start

# void relocate_code(unsigned long stack, gd_t *new_gd, unsigned long to)
	.globl	relocate_code
relocate_code:
	mr	1, 3
	mr	29, 4
	mr	30, 5
	lis	6, _start@ha
	addi	6, 6, _start@l
	lis	7, __bss_start@ha
	addi	7, 7, __bss_start@l
	subf	28, 6, 30		# how much further on
	subf	7, 6, 7
	srwi	7, 7, 2
	mtctr	7
	addi	6, 6, -4
	addi	5, 30, -4
1:	lwzu	0, 4(6)
	stwu	0, 4(5)
	bdnz	1b
	lis	6, in_ram@ha
	addi	6, 6, in_ram@l
	add	6, 6, 28
	mtlr	6
	blr				# never returns

in_ram:
	lis	3, __got2_start@ha	# the pointers that C code finds its objects by
	addi	3, 3, __got2_start@l
	lis	4, __got2_end@ha
	addi	4, 4, __got2_end@l
	add	3, 3, 28
	add	4, 4, 28
2:	cmplw	3, 4
	bge	3f
	lwz	0, 0(3)
	add	0, 0, 28
	stw	0, 0(3)
	addi	3, 3, 4
	b	2b
3:	lis	3, __fixup_start@ha	# the places of other pointers
	addi	3, 3, __fixup_start@l
	lis	4, __fixup_end@ha
	addi	4, 4, __fixup_end@l
	add	3, 3, 28
	add	4, 4, 28
4:	cmplw	3, 4
	bge	5f
	lwz	5, 0(3)
	lwzx	0, 5, 28
	add	0, 0, 28
	stwx	0, 5, 28
	addi	3, 3, 4
	b	4b
5:	lis	3, __bss_start@ha
	addi	3, 3, __bss_start@l
	lis	4, __bss_end@ha
	addi	4, 4, __bss_end@l
	add	3, 3, 28
	add	4, 4, 28
	li	0, 0
6:	cmplw	3, 4
	bge	7f
	stw	0, 0(3)
	addi	3, 3, 4
	b	6b
7:	mr	3, 29
	mr	4, 30
	li	0, 0
	stwu	0, -16(1)
	bl	board_init_r
	b	.
