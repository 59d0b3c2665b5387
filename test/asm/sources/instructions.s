# Operands in every way of writing them.
	.set half, 0x1234
	li r3, half
	li 3, 4
	lis %r3, half@ha
	lis r3, 0xffff
	addi r3, r3, -32768
	addi r3, 0, target@l
	addis sp, r1, target@ha
	subi r3, r4, 5
	subis r3, r4, 5
	subic r3, r4, 5
	subic. r3, r4, 5
	sub r3, r4, r5
	subc. r3, r4, r5
	subo r3, r4, r5
	la r3, target@l(r4)
	lwz r3, 8(r1)
	lwz 3, target@l(4)
	lwz r3, (4+4)(r1)
	stw r3, end - target(r5)
	lwz r3, -4(0)
	cmpw r3, r4
	cmpw cr7, r3, r4
	cmpwi cr1, r3, -1
	cmplwi r3, 65535
	cmp 0, r3, r4
	cmpi 1, 0, r3, 5
	beq target
	beq cr3, target
	bne- cr7, target
	bdnz+ target
	bdnzt 4*cr1+eq, target
	bt lt, target
	bf 4*cr5+so, target
	bt+ 5, target
	bc 12, 2, target
	bc+ 12, 2, target
	bca 12, 2, 0x100
	bclr 20, 0
	bclrl 12, 4*cr1+gt
	bcctr 20, 0
	blr
	blrl
	bctr
	bctrl
	beqlr
	bnelr- cr6
	bgtctr+ cr2
	bl outer
	b outer + 8
	ba 0x1000
	bla 0x1004
	beq outer
	b .
	b . + 8
	b $ - 4
target:
1:	b 1b
	b 1f
1:	b 2f
2:	bne 1b
	mfspr r3, 0x134
	mtspr 308, r4
	mfdbcr0 r3
	mtdbsr r4
	mfsprg r3, 4
	mfsprg4 r3
	mtsprg 5, r3
	mfsprg 3, 2
	mftb r3
	mftb r3, 269
	mftbu r3
	mftbl r3
	mfdcr r3, 0xc0
	mtdcr 0xc0, r3
	mtcrf 0x80, r3
	mtcr r3
	mtocrf 0x40, r3
	mfocrf r3, 0x20
	rlwinm r3, r4, 5, 6, 7
	rlwinm r3, r4, 5, 0xff0
	rlwinm. r3, r4, 0, 0xf000000f
	rlwimi r3, r4, 8, 0xff00
	rlwnm r3, r4, r5, 0xff
	rotlwi r3, r4, 5
	rotrwi r3, r4, 5
	slwi r3, r4, 5
	srwi. r3, r4, 5
	clrlwi r3, r4, 5
	clrrwi r3, r4, 5
	clrlslwi r3, r4, 9, 6
	extlwi r3, r4, 5, 6
	extrwi r3, r4, 5, 6
	inslwi r3, r4, 5, 6
	insrwi. r3, r4, 5, 6
	crset 4*cr1+eq
	crclr 6
	crmove eq, lt
	cror 4*cr7+so, 8, 3
	mcrf cr3, cr4
	lfd f1, 8(r1)
	fmadd. f1, f2, f3, f4
	mtfsf 255, f1
	mtfsfi 3, 7
	tlbwe r3, r4, 1
	tlbre r3, r4, 2
	tlbwe
	tlbsx. r3, 0, r4
	wrteei 1
	icbt 0, r3
	icbt 0, 0, r3
	dcbt r3, r4
	dccci r3, r4
	dccci 0, 0
	mbar
	mbar 1
	msync
	sync
	lwsync
	isync
	sc
	rfci
	rfmci
	trap
	tweq r3, r4
	twlgei r3, 5
	twnli r3, 1
	lswi r5, r4, 8
	lmw r29, 0(r1)
	stwcx. r3, 0, r4
	isel r3, r4, r5, 4*cr1+eq
	iseleq r3, r0, r5
	dlmzb. r3, r4, r5
	macchwso. r3, r4, r5
	mulhhwu r3, r4, r5
end:
