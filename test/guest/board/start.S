# Start of a bare-metal program on the board: a stack, vectors, main, and the end of the run by a reset.
#
# Every interrupt notes its number, where it came from, ESR and DEAR in `seen` and returns: behind the instruction that
# could not be executed; to `resume` where the fetch failed; in supervisor state after a system call; and after an
# asynchronous one with MSR[EE] or MSR[CE] off, so that it does not come again.
	.set	IVPR, 63
	.set	IVOR0, 400
	.set	DBCR0, 308
	.set	ESR, 62
	.set	DEAR, 61
	.set	CSRR0, 58
	.set	CSRR1, 59
	.set	MCSRR0, 570

	.section .init, "ax"
	.globl	_start
_start:	lis	1, stack_top@ha
	addi	1, 1, stack_top@l
	li	0, 0
	stwu	0, -16(1)
	lis	3, vectors@h
	mtspr	IVPR, 3
	.set	n, 0
	.rept	16
	li	3, n * 32
	mtspr	IVOR0 + n, 3
	.set	n, n + 1
	.endr
	li	3, 0x1000			# ME
	mtspr	27, 3
	lis	4, 1f@ha
	addi	4, 4, 1f@l
	mtspr	26, 4
	rfi
1:	bl	main
	lis	4, 0x3000
	mtspr	DBCR0, 4
	b	.

	.section .vectors, "ax"
	.balign	65536
vectors:
	.set	n, 0
	.rept	16
	.balign	32
	mtsprg	0, 3
	mtsprg	1, 4
	mflr	3
	mtsprg	2, 3
	li	3, n
	b	interrupt
	.set	n, n + 1
	.endr

interrupt:
	mfcr	4
	mtsprg	3, 4
	lis	4, seen@ha
	stwu	3, seen@l(4)
	mfspr	3, ESR
	stw	3, 8(4)
	mfspr	3, DEAR
	stw	3, 12(4)
	lwz	3, 0(4)
	cmpwi	3, 1
	beq	machine_check
	cmpwi	3, 0
	beq	critical
	cmpwi	3, 12
	beq	critical

	mfsrr0	3
	stw	3, 4(4)
	lwz	4, 0(4)
	cmpwi	4, 4
	beq	external
	cmpwi	4, 10
	beq	external
	cmpwi	4, 11
	beq	external
	cmpwi	4, 8
	beq	system_call
	cmpwi	4, 3
	beq	fetch
	cmpwi	4, 14
	beq	fetch
	addi	3, 3, 4
	mtsrr0	3
	b	return
external:
	mfsrr1	3
	rlwinm	3, 3, 0, 17, 15			# EE off
	mtsrr1	3
	b	return
system_call:
	mfsrr1	3
	rlwinm	3, 3, 0, 18, 16			# PR off
	mtsrr1	3
	b	return
fetch:	lis	3, resume@ha
	lwz	3, resume@l(3)
	mtsrr0	3
return:	bl	restore
	rfi

critical:
	mfspr	3, CSRR0
	stw	3, 4(4)
	mfspr	3, CSRR1
	rlwinm	3, 3, 0, 15, 13			# CE off
	mtspr	CSRR1, 3
	bl	restore
	rfci

machine_check:
	mfspr	3, MCSRR0
	stw	3, 4(4)
	bl	restore
	.long	0x4c00004c			# rfmci

# Everything the program had, but for LR, which is in SPRG2 and has brought us here.
restore:
	mfsprg	4, 3
	mtcr	4
	mflr	4
	mtsprg	3, 4
	mfsprg	3, 2
	mfsprg	4, 3
	mtctr	4
	mtlr	3
	mfsprg	3, 0
	mfsprg	4, 1
	bctr

	.bss
	.balign	16
	.space	16384
stack_top:
