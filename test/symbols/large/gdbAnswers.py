# Run by gdb on a program that does not run: answers the questions in the file $QUESTIONS, as JSON in $ANSWERS.
import gdb
import json
import os


def chain(pc):
    """The functions around an address, those inlined into others first."""
    names = []
    block = gdb.block_for_pc(pc)
    while block is not None and not block.is_static and not block.is_global:
        if block.function is not None:
            names.append(block.function.print_name)
        block = block.superblock
    return names


def place(pc):
    found = gdb.find_pc_line(pc)
    return [os.path.basename(found.symtab.filename) if found.symtab else None, found.line]


def fields(name):
    type = gdb.lookup_type("struct " + name)
    return [type.sizeof, [[f.name or "", f.bitpos, f.bitsize, str(f.type)] for f in type.fields()]]


def breakpoints(spec):
    try:
        found = gdb.decode_line(spec)[1] or []
        return sorted({location.pc for location in found})
    except gdb.error as error:
        return str(error)


def variable(name):
    symbol = gdb.lookup_global_symbol(name) or gdb.lookup_static_symbol(name)
    return str(symbol.type) if symbol else None


gdb.execute("set confirm off")
answers = {"chain": chain, "place": place, "fields": fields, "breakpoints": breakpoints, "variable": variable}
with open(os.environ["QUESTIONS"]) as questions, open(os.environ["ANSWERS"], "w") as out:
    json.dump([answers[kind](what) for kind, what in json.load(questions)], out)
