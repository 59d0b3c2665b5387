# Begins as a kernel does: linked at 0xc0100000, entered at the real address, which is where the boot has mapped it; it maps
# itself to where it is linked, and goes on there.
	.globl	_start
_start:	lis	3, 0xc000
	ori	3, 3, 0x290		# V, 256 MB
	li	4, 0
	li	5, 0x3f			# for everybody
	li	6, 5
	tlbwe	3, 6, 0
	tlbwe	4, 6, 1
	tlbwe	5, 6, 2
	isync
	lis	7, arrived@h
	ori	7, 7, arrived@l
	mtctr	7
	bctr
	.globl	arrived
	.type	arrived, @function
arrived:
	li	8, 42
	nop
	lis	4, 0x3000
	mtspr	308, 4			# DBCR0: the end, by a reset
	b	.
	.size	arrived, . - arrived
