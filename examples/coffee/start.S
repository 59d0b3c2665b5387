/* What runs before main: the vectors, the stack, a clean .bss - and the door back out of an interrupt.
 *
 * A boot loader (or the debugger's launch) has already mapped RAM and I/O one to one. */

        .cfi_sections .debug_frame

/* 16 vectors of 16 bytes. IVPR holds the upper half of their address, IVORn the offset of each: Book E lets us choose. */
        .section .vectors, "ax"
        .globl  vectors
vectors:
        .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
        mtsprg0 3
        li      3, \n
        b       unexpected_interrupt
        .balign 16
        .endr
        b       decrementer_interrupt           /* IVOR10 */
        .balign 16
        .irp    n, 11, 12, 13, 14, 15
        mtsprg0 3
        li      3, \n
        b       unexpected_interrupt
        .balign 16
        .endr

        .text
        .globl  _start
        .type   _start, @function
_start:
        .cfi_startproc
        .cfi_undefined 65                       /* nobody called us: a stack trace ends here */
        lis     1, stack_top@ha
        addi    1, 1, stack_top@l
        li      0, 0
        stwu    0, -16(1)                       /* the last frame: its back chain is 0 */

        lis     3, bss_start@ha
        addi    3, 3, bss_start@l
        lis     4, bss_end@ha
        addi    4, 4, bss_end@l
clear_bss:
        cmplw   3, 4
        bge     set_vectors
        stw     0, 0(3)
        addi    3, 3, 4
        b       clear_bss

set_vectors:
        lis     3, vectors@ha
        addi    3, 3, vectors@l
        mtspr   63, 3                           /* IVPR */
        .set    n, 0
        .rept   16
        li      3, n * 16
        mtspr   400 + n, 3                      /* IVORn */
        .set    n, n + 1
        .endr

        bl      main

        .globl  halt
halt:                                           /* Nothing left to do, and nobody may wake us. */
        wrteei  0
        b       .
        .cfi_endproc
        .size   _start, . - _start

/* Saves what a C function may spoil, calls tick(), and goes back to where the decrementer struck. */
        .globl  decrementer_interrupt
        .type   decrementer_interrupt, @function
decrementer_interrupt:
        .cfi_startproc
        .cfi_signal_frame
        .cfi_return_column 126                  /* SRR0: DWARF numbers SPR n as 100 + n */
        stwu    1, -80(1)
        .cfi_def_cfa_offset 80
        stw     0, 8(1)
        stw     3, 12(1)
        stw     4, 16(1)
        stw     5, 20(1)
        stw     6, 24(1)
        stw     7, 28(1)
        stw     8, 32(1)
        stw     9, 36(1)
        stw     10, 40(1)
        stw     11, 44(1)
        stw     12, 48(1)
        .set    slot, 8
        .cfi_offset 0, slot - 80
        .irp    r, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
        .set    slot, slot + 4
        .cfi_offset \r, slot - 80
        .endr
        mflr    3
        mfctr   4
        mfxer   5
        mfcr    6
        mfsrr0  7
        mfsrr1  8
        stw     3, 52(1)
        stw     4, 56(1)
        stw     5, 60(1)
        stw     6, 64(1)
        stw     7, 68(1)
        stw     8, 72(1)
        .cfi_offset 65, 52 - 80                 /* LR */
        .cfi_offset 126, 68 - 80                /* SRR0 */

        lis     3, 0x0800                       /* TSR[DIS]: written as 1, reads as 0 */
        mttsr   3
        bl      tick

        lwz     3, 52(1)
        lwz     4, 56(1)
        lwz     5, 60(1)
        lwz     6, 64(1)
        lwz     7, 68(1)
        lwz     8, 72(1)
        mtlr    3
        mtctr   4
        mtxer   5
        mtcr    6
        rlwinm  8, 8, 0, 14, 12                 /* MSR[WE] off: an interrupted nap is over */
        mtsrr0  7
        mtsrr1  8
        lwz     0, 8(1)
        lwz     3, 12(1)
        lwz     4, 16(1)
        lwz     5, 20(1)
        lwz     6, 24(1)
        lwz     7, 28(1)
        lwz     8, 32(1)
        lwz     9, 36(1)
        lwz     10, 40(1)
        lwz     11, 44(1)
        lwz     12, 48(1)
        addi    1, 1, 80
        .cfi_def_cfa_offset 0
        rfi
        .cfi_endproc
        .size   decrementer_interrupt, . - decrementer_interrupt

/* r3: the number of the vector. Says so on the UART and stops for good. */
        .type   unexpected_interrupt, @function
unexpected_interrupt:
        mfsrr0  4
        mfspr   5, 62                           /* ESR */
        mfspr   6, 61                           /* DEAR, whose name the assembler gives to another core */
        bl      panic
        b       halt
        .size   unexpected_interrupt, . - unexpected_interrupt

        .section .note.GNU-stack, "", @progbits
