# Values, and the expressions that make them.
	.byte 1, 2, -1, 'a, '\n, 255
	.short 5, -2
	.2byte 7
	.word 0x1234
	.balign 4
	.long 1, 0b101, 017, 0x7fffffff, -1
	.int 3==1+2, 1+2*3|4, 1|2+4, 6&3<<1, 1<<2+1, 7/2*2, -7/2, -7%3, 2*3^1
	.4byte !5, !0, ~5, 1&&2, 0||3, 0&&1, (1<2), 1<>2, 1!=2, 2<=2, 3>=4, -(3-5)
	.quad 0x123456789abcdef0, -1
	.8byte 1
	.octa 1
	.ascii "a\x41\102\n\t\\\"", "more"
	.asciz "text", ""
	.string "é # no comment ; no end /* none */"
	.float 1.5, -0.1
	.single 1e10
	.double -2.25, 3.141592653589793
	.uleb128 0, 127, 128, 300, 624485
	.sleb128 0, 63, 64, -64, -65, -300
	.fill 3, 2, 0x1234
	.fill 2, 8, 0x12345678
	.fill 3
	.space 3, 7
	.skip 2
	.zero 4
	.set count, 3
	.equ other, count + 1
	third = other * 2
	.byte count, other, third
	.set count, 4
	.byte count
	.balign 8, 0xff
	.p2align 4
	.align 3
	.p2align 5,, 3
first: .long . - first, first - ., last - first, after - before
before: .skip 12
after:
	.short first@l
	.short first@ha, last@l, first@h
	.data
	.long first, later
	.long later - .
later: .byte 1
	.section .rodata.str1.4, "aMS", @progbits, 1
	.string "merged"
	.section .note.own, "", @note
	.long 1
	.pushsection .data
	.byte 2
	.popsection
	.byte 3
	.previous
	.byte 4
	.text
	.byte 5
	.comm shared, 8, 4
	.lcomm own, 12, 8
	.local hidden_room
	.comm hidden_room, 16, 16
	.weak maybe
	.globl first, outer
	.hidden first
	.type first, @object
	.size first, 16
	.long maybe, outer, shared, own, hidden_room
	.ident "nobody"
	.org 0x400
	. = 0x410
	.byte 1; .byte 2 # two statements
	/* A comment
	   over lines */ .byte 3
