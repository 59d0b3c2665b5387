# Text that stands for text, and conditions.
	.macro load reg, value=1
	lis \reg, \value@h
	ori \reg, \reg, \value@l
	.endm
	load r3, 0x12345678
	load reg=r4, value=0xffff8000
	load r5

	.macro save first, rest:vararg
	stw \first, 8(r1)
	.ifnb \rest
	save \rest
	.endif
	.endm
	save r3, r4, r5

	.macro label name:req, number
\name\number:
\name\()_end\@: .long \name\number
	.endm
	label here, 1
	label there, 2
	label name=third number=3

	.macro stop_at limit
	.rept 5
	.set at, at + 1
	.if at == \limit
	.exitm
	.endif
	.byte at
	.endr
	.endm
	.set at, 0
	stop_at 9
	.balign 4

	.irp reg, r3, r4, r5
	mr \reg, r6
	.endr
	.irpc digit, 159
	.byte \digit
	.endr
	.balign 4
	.rept 3
	nop
	.rept 2
	sync
	.endr
	.endr
	.if 1 - 1
	.long 1
	.if 1
	.long 2
	.else
	.long 3
	.endif
	.elseif 2 > 1
	.long 4
	.elseif 1
	.long 5
	.else
	.long 6
	.endif
	.ifdef load
	.long 7
	.endif
	.set defined, 1
	.ifdef defined
	.long 8
	.endif
	.ifndef nowhere
	.long 9
	.endif
	.ifc same, same
	.long 10
	.endif
	.ifnc same, other
	.long 11
	.endif
	.ifeqs "a", "b"
	.long 12
	.endif
	.ifge 0
	.iflt 0
	.long 13
	.else
	.long 14
	.endif
	.endif
	.ifb
	.long 15
	.endif
	.macro twice text
	\text
	\text
	.endm
	twice "li r3, 1"
	.purgem twice
	.include "included.inc"
	.long included
