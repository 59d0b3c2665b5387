# Names of one thing: each has the type and size of what it means in the end.

	.text
	.globl	work
	.type	work, @function
work:
	li	4, 1
	blr
	.size	work, . - work
	.globl	_work, __work
_work = work
__work = _work
	.weak	other
other = __work
	.globl	own
	.type	own, @object
own = __work
	.size	own, 4
