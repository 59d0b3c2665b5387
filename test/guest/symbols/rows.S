# Lines without entries for functions, as a generator of assembly code tells them.
        .file   1 "rows.c"
        .text
        .globl  _start
_start:
        .loc    1 5
        nop
        .loc    1 6
        nop
        .loc    1 5
        nop
        .loc    1 7
        b       _start
second:
        .loc    1 5
        nop
        .loc    1 6
        blr
