// Executes COUNT cases of a table, one after the other, and writes down what each left behind. Layouts: layout.ts.
//
// SPRG0: the case, SPRG1: its result, SPRG2: how many are left, SPRG3: r1 while it is needed, SPRG7: the exception
// (0: none, 1 + n: through IVORn). r1 of a case is saved through SPRG3. What a case has in user state, or branches to,
// ends in `sc`.

#define CASES 0x02000000
#define RESULTS 0x08000000
#define SIZE 512
#define DONE 0x00f00000
#define PAGES 0x20000000

        .text
        .globl _start
_start: b       start

        .org    0x100
saved:                                  // where a case ends that raised no exception
        mtsprg  3,1
        li      1,0
        mtsprg  7,1
save:   mfsprg  1,1
        stw     0,0(1)
        .irp    r,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        stw     \r,4*\r(1)
        .endr
        mfsprg  2,3
        stw     2,4(1)
        mfcr    2
        stw     2,128(1)
        mfxer   2
        stw     2,132(1)
        mfctr   2
        stw     2,136(1)
        mflr    2
        stw     2,140(1)
        mfsprg  2,7
        stw     2,144(1)
        mfspr   2,62                    // ESR
        stw     2,148(1)
        mfspr   2,26                    // SRR0
        stw     2,224(1)
        mfspr   2,61                    // DEAR
        stw     2,228(1)
        mfmsr   2
        ori     2,2,0x2000              // FP
        mtmsr   2
        isync
        .irp    f,0,1,2,3,4,5,6,7
        stfd    \f,160+8*\f(1)
        .endr
        mffs    8
        stfd    8,152(1)
        addi    1,1,SIZE
        mtsprg  1,1
        mfsprg  1,0
        addi    1,1,SIZE
        mtsprg  0,1
        mfsprg  3,2
        addic.  3,3,-1
        mtsprg  2,3
        beq     done
next:   mfsprg  1,0
        li      2,0
        mtspr   62,2
        mtspr   61,2
        lfd     8,152(1)
        mtfsf   255,8
        .irp    f,0,1,2,3,4,5,6,7
        lfd     \f,160+8*\f(1)
        .endr
        lwz     2,128(1)
        mtcrf   255,2
        lwz     2,132(1)
        mtxer   2
        lwz     2,136(1)
        mtctr   2
        lwz     2,140(1)
        mtlr    2
        lwz     2,148(1)
        mtspr   58,2                    // CSRR0 and MCSRR0: where rfci and rfmci lead
        mtspr   570,2
        lwz     2,144(1)
        mtspr   59,2
        mtspr   571,2
        mtspr   27,2                    // SRR1: the MSR of the case
        addi    2,1,384
        mtspr   26,2
        lwz     0,0(1)
        .irp    r,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        lwz     \r,4*\r(1)
        .endr
        lwz     1,4(1)
        rfi

done:   lis     3,DONE@h
        li      4,0x600d
        stw     4,0(3)
        b       .

        // Entry n of the TLB, its last word first, so that an entry in use changes where it is only at the end.
        .macro  map n,word0,word1,word2
        li      3,\n
        lis     4,(\word2)@h
        ori     4,4,(\word2)@l
        tlbwe   4,3,2
        lis     4,(\word1)@h
        ori     4,4,(\word1)@l
        tlbwe   4,3,1
        lis     4,(\word0)@h
        ori     4,4,(\word0)@l
        tlbwe   4,3,0
        .endm

start:  map     0,0x00000290,0x00000000,0x3f    // 256 MB of RAM, everything allowed
        .irp    n,0,5                           // for loads and for stores, pages of 4 KB: everything,
        map     1+\n,PAGES+0x2000*\n+0x0210,0x00800000+0x2000*\n,0x3f
        map     2+\n,PAGES+0x2000*\n+0x1210,0x00801000+0x2000*\n,0x09  // read only,
        map     3+\n,PAGES+0x2000*\n+0x2210,0x00802000+0x2000*\n,0x3f
        map     4+\n,PAGES+0x2000*\n+0x3210,0x00803000+0x2000*\n,0x12  // write only,
        map     5+\n,PAGES+0x2000*\n+0x4210,0x00804000+0x2000*\n,0x03  // supervisor only, and nothing behind them
        .endr
        li      4,0
        li      3,11
1:      tlbwe   4,3,0
        tlbwe   4,3,1
        tlbwe   4,3,2
        addi    3,3,1
        cmpwi   3,64
        bne     1b
        isync
        lis     3,vectors@h
        mtspr   63,3                    // IVPR
        .irp    n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        li      3,32*\n
        mtspr   400+\n,3                // IVORn
        .endr
        mfmsr   3
        ori     3,3,0x2000
        mtmsr   3
        isync
        lis     3,CASES@h
        mtsprg  0,3
        lis     3,RESULTS@h
        mtsprg  1,3
        lis     3,COUNT@h
        ori     3,3,COUNT@l
        mtsprg  2,3
        b       next

        .balign 65536
vectors:
        .irp    n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
        mtsprg  3,1
        li      1,\n+1
        mtsprg  7,1
        b       save
        .balign 32
        .endr
