# Run by gdb: opens core files one after the other and prints, a line of JSON for each, what gdb says of the stop.
# usage: gdb -x gdbStops.py PROGRAM, with the names of the core files, one a line, in the file $STOPS names.
import gdb
import json
import os
import re

ELEMENTS = 24


def canonical(value):
    """A value as plain data, in the same shape as stops.ts makes it."""
    try:
        type = value.type.strip_typedefs()
        code = type.code
        if code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF):
            return canonical(value.referenced_value())
        if code in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
            return [["" if field.is_base_class else field.name or "", canonical(value[field])] for field in type.fields() if hasattr(field, "bitpos")]
        if code == gdb.TYPE_CODE_ARRAY:
            try:
                low, high = type.range()
            except gdb.error:  # The length of a variable-length array is not known here.
                return []
            return [canonical(value[i]) for i in range(low, min(high, low + ELEMENTS - 1) + 1)]
        if value.is_optimized_out:
            return "missing"
        if code == gdb.TYPE_CODE_PTR and "synthetic pointer" in value.format_string():
            return "missing"
        if code == gdb.TYPE_CODE_FUNC:
            return str(int(value.address))
        if code == gdb.TYPE_CODE_FLT:
            return "float " + repr(float(value))
        if code == gdb.TYPE_CODE_COMPLEX:
            gdb.set_convenience_variable("complex", value)
            return [canonical(gdb.parse_and_eval(part + "($complex)")) for part in ("$_creal", "$_cimag")]
        if code in (gdb.TYPE_CODE_MEMBERPTR, gdb.TYPE_CODE_METHODPTR):
            return member(value.format_string())
        return str(int(value))
    except gdb.MemoryError:
        return "unreadable"
    except gdb.error as error:
        text = str(error)
        if "no such vector element" in text:
            return []
        return "missing" if "optimized out" in text or "not saved" in text else "error: " + text


def member(text):
    """A pointer to a member: its name, or the address of a function."""
    found = re.search(r"(0x[0-9a-f]+)|NULL|&(virtual )?[\w:$]+", text)
    if found is None:
        return text
    return str(int(found[1], 16)) if found[1] else found[0]


def variables(frame):
    """Name and value of everything the blocks around pc declare, up to the function the frame is of."""
    found = []
    try:
        block = frame.block()
    except RuntimeError:
        return found
    while block is not None:
        for symbol in block:
            if not (symbol.is_variable or symbol.is_argument or symbol.is_constant):
                continue
            if str(symbol.type) == "__CORE_ADDR":  # A label of which no code is left.
                continue
            try:
                value = canonical(frame.read_var(symbol, block))
            except gdb.error as error:
                value = "missing" if "optimized out" in str(error) else "error: " + str(error)
            found.append([symbol.print_name, value])
        if block.function is not None:
            break
        block = block.superblock
    return found


def frames():
    frame = gdb.newest_frame()
    found = []
    while frame is not None and len(found) < 40:
        place = frame.find_sal()
        name = "<signal handler called>" if frame.type() == gdb.SIGTRAMP_FRAME else frame.name()
        found.append({
            "function": name,
            "pc": frame.pc(),
            "file": os.path.basename(place.symtab.filename) if place.symtab else None,
            "line": place.line,
            "inlined": frame.type() == gdb.INLINE_FRAME,
            "variables": variables(frame),
        })
        if name == "main":
            break
        frame = frame.older()
    return found


gdb.execute("set confirm off")
gdb.execute("set pagination off")
gdb.execute("set backtrace past-main on")
gdb.execute("set style enabled off")
with open(os.environ["STOPS"]) as names, open(os.environ["ANSWERS"], "w") as out:
    for name in names:
        gdb.execute("core-file " + name.strip(), to_string=True)
        out.write(json.dumps(frames()) + "\n")
