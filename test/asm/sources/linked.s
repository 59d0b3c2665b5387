	.globl _start, far
	.section .vectors, "ax"
	b handler
	.org 0x100
handler: lis 3, value@ha
	lwz 3, value@l(3)
	lwz 4, small@sda21(0)
	lwz 5, const@sda21(0)
	lhz 6, small@sdarel(13)
	rfi
	.text
_start:	bl far
	beq+ far
	bne- 1f
1:	ba 0x100
	lis 9, buffer@h
	ori 9, 9, buffer@l
	addi 9,9, end_of-start_of
	b .
	.section .text.far, "ax"
far:	blr
1:
	addis 3,3,(value-1b)@ha
	addi 3,3,(value-1b)@l
	.data
value:	.long 42, far, _start+4, . - value
	.short 5
start_of: .asciz "text"
end_of:
	.section .rodata
	.long value - .
	.section .sdata, "aw"
small: .long 7
	.section .sdata2, "a"
const: .long 7
	.comm buffer, 64, 16
	.lcomm mine, 7, 4
