# First steps with the PowerPC 440: prints a countdown. F5 assembles it and runs it; no toolchain is needed.
# Change what you like: this copy is yours.

        .set    UART, 0xef600300                # the board's first serial port: what is stored here is printed
        .set    SYSTEM_RESET, 0x2000            # DBCR0[RST], upper half: ends the program, r3 is its status

        .globl  _start
_start:
        lis     r30, UART@h
        ori     r30, r30, UART@l
        li      r31, 9                          # where the countdown begins

next:
        mr      r3, r31                         # stop 1: r31 counts down
        bl      print_digit
        bl      print_space
        bl      count_down
        bge     next

        bl      print_end
        li      r3, 0
        lis     r4, SYSTEM_RESET
        mtdbcr0 r4

# The routines lie far apart: breakpoints that are close can share two comparators as a range.

        .balign 128
print_digit:                                    # r3: 0 to 9
        addi    r4, r3, '0'                     # stop 2: the link register says where to return to
        stb     r4, 0(r30)
        blr

        .balign 128
print_space:
        li      r4, ' '                         # stop 3: r4 is about to change
        stb     r4, 0(r30)
        blr

        .balign 128
count_down:
        addic.  r31, r31, -1                    # stop 4: cr0 will say how r31 compares with 0
        blr

        .balign 128
print_end:
        li      r4, '\n'                        # stop 5: one more than there are comparators
        stb     r4, 0(r30)
        blr
