# Labels in a function that says its size, in one that does not, and behind.
        .text
        .globl  _start
        .type   _start, @function
_start: nop
inner:  nop
        nop
        .globl  entry
entry:  nop
        b       _start
        .size   _start, . - _start
between:
        nop
        .globl  other
other:  nop
later:  blr
        .data
        .type   table, @object
table:  .long   1, 2
middle: .long   3
        .size   table, . - table
end:    .long   4
