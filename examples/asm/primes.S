# Primes below 100, by the sieve of Eratosthenes, and a checksum with the 440's multiply-accumulate instructions.
#
# Labels worth a breakpoint: cross_out, found, put_number, dot_product. The register view shows what each one changes.

        .equ    LIMIT, 100
        .equ    UART_THR, 0xEF600300            # transmit, and
        .equ    UART_LSR, 5                     # line status, 5 bytes on: bit 0x20 says "room for another"

        .text
        .globl  _start
        .type   _start, @function
_start:
        lis     1, stack_top@ha                 # a stack of our own
        addi    1, 1, stack_top@l
        lis     30, UART_THR@h
        ori     30, 30, UART_THR@l              # r30 = the UART, for the whole program
        lis     31, sieve@ha
        addi    31, 31, sieve@l                 # r31 = the sieve: one byte per number, 0 = may be prime

        lis     3, hello@ha
        addi    3, 3, hello@l
        bl      put_text

        li      14, 2                           # r14 = the number looked at
next_number:
        lbzx    0, 31, 14
        cmpwi   0, 0
        beq     found
        b       advance

found:
        mr      3, 14
        bl      put_number
        li      3, ' '
        bl      put_char

        add     15, 14, 14                      # r15 = its multiples
        li      16, 1
cross_out:
        cmpwi   15, LIMIT
        bge     advance
        stbx    16, 31, 15
        add     15, 15, 14
        b       cross_out

advance:
        addi    14, 14, 1
        cmpwi   14, LIMIT
        blt     next_number
        li      3, '\n'
        bl      put_char

        bl      dot_product                     # r3 = 1*2 + 3*4 + 5*6 + 7*8 = 100
        bl      put_number
        li      3, '\n'
        bl      put_char

done:   b       .                               # nothing can interrupt us: the debugger sees the end
        .size   _start, . - _start

# r3 = the dot product of two vectors of 16-bit numbers, two products per pair of words.
        .type   dot_product, @function
dot_product:
        lis     4, left@ha
        addi    4, 4, left@l
        lis     5, right@ha
        addi    5, 5, right@l
        li      3, 0
        li      0, 2
        mtctr   0
multiply:
        lwz     6, 0(4)
        lwz     7, 0(5)
        machhws 3, 6, 7                         # upper halves, saturating
        maclhws 3, 6, 7                        # lower halves
        addi    4, 4, 4
        addi    5, 5, 4
        bdnz    multiply
        blr
        .size   dot_product, . - dot_product

# Prints r3 in decimal: divides by ten until nothing is left, then pops the digits.
        .type   put_number, @function
put_number:
        mflr    0
        stwu    1, -48(1)
        stw     0, 52(1)
        addi    4, 1, 40                        # r4 = where the next digit goes, downwards from here
        li      5, 10
digit:
        divwu   6, 3, 5
        mullw   7, 6, 5
        subf    7, 7, 3                         # r7 = r3 mod 10
        addi    7, 7, '0'
        stbu    7, -1(4)
        mr.     3, 6
        bne     digit
        mr      8, 4
pop:
        lbz     3, 0(8)
        bl      put_char
        addi    8, 8, 1
        addi    9, 1, 40
        cmplw   8, 9
        blt     pop
        lwz     0, 52(1)
        addi    1, 1, 48
        mtlr    0
        blr
        .size   put_number, . - put_number

# Prints the text at r3, up to its zero byte.
        .type   put_text, @function
put_text:
        mflr    11
        mr      10, 3
1:      lbz     3, 0(10)
        cmpwi   3, 0
        beq     2f
        bl      put_char
        addi    10, 10, 1
        b       1b
2:      mtlr    11
        blr
        .size   put_text, . - put_text

# Sends the character in r3. Spoils r12.
        .type   put_char, @function
put_char:
        lbz     12, UART_LSR(30)
        andi.   12, 12, 0x20
        beq     put_char
        stb     3, 0(30)
        blr
        .size   put_char, . - put_char

        .section .rodata
hello:  .asciz  "Primes below 100: "
        .balign 4
left:   .short  1, 3, 5, 7
right:  .short  2, 4, 6, 8

        .bss
        .balign 16
sieve:  .skip   LIMIT
        .balign 16
        .skip   1024
stack_top:

        .section .note.GNU-stack, "", @progbits
