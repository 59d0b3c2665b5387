# SYNTAX TEST "source.ppc-asm" "what a line of PowerPC assembly is made of"
#define UART 0xEF600300 /* a comment */
# <- keyword.control.directive.ppc-asm
        .globl  _start
#       ^^^^^^ keyword.control.directive.ppc-asm
#               ^^^^^^ variable.other.symbol.ppc-asm
_start:
# <- entity.name.function.label.ppc-asm
        stwu    1, -16(1)       # make room
#       ^^^^ support.function.mnemonic.ppc-asm
#                   ^^ constant.numeric.decimal.ppc-asm
#                               ^ comment.line.number-sign.ppc-asm
        lwz     %r3, value@l(r4)
#               ^^^ variable.language.register.ppc-asm
#                    ^^^^^ variable.other.symbol.ppc-asm
#                         ^^ keyword.operator.relocation.ppc-asm
        bdnz+   1b
#       ^^^^^ keyword.control.flow.ppc-asm
#               ^^ entity.name.label.local.ppc-asm
        blr
#       ^^^ keyword.control.flow.ppc-asm
        b       .
#       ^ keyword.control.flow.ppc-asm
        add.    r3, r4, r5
#       ^^^^ support.function.mnemonic.ppc-asm
        brinc   r3, r4, r5
#       ^^^^^ support.function.mnemonic.ppc-asm
        mtspr   dbcr0, r3
#               ^^^^^ variable.language.register.special.ppc-asm
1:      rfi
#<- entity.name.label.local.ppc-asm
#       ^^^ keyword.control.flow.ppc-asm
        .asciz  "two\n"
#               ^^^^^^^ string.quoted.double.ppc-asm
#                   ^^ constant.character.escape.ppc-asm
