# Run by gdb: prints, a line of JSON for each core file, the variables of the function `look` was called by as libstdc++'s
# own pretty printers show them. usage: gdb -x gdbFormatted.py PROGRAM, the names of the core files in the file $STOPS names.
import gdb
import json
import os
import sys

sys.path.insert(0, "/usr/share/gcc/python")
from libstdcxx.v6 import register_libstdcxx_printers

TEXTS = ("StdStringPrinter", "StdExpStringViewPrinter")
POINTERS = ("UniquePointerPrinter", "SharedPointerPrinter")
MAPS = ("StdMapPrinter", "Tr1UnorderedMapPrinter")


def formatted(value):
    """[kind, summary, parts] of what has a printer, the text of anything else."""
    type = value.type.strip_typedefs()
    if type.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF):
        return formatted(value.referenced_value())
    printer = gdb.default_visualizer(value)
    name = printer.__class__.__name__
    if name in TEXTS:
        return value.format_string(repeat_threshold=0, max_elements=200)
    if printer is not None and hasattr(printer, "children"):
        parts = [formatted(part) if isinstance(part, gdb.Value) else str(part).lower() for _, part in printer.children()]
        if name in POINTERS:
            return {"pointer": parts[0], "notes": printer.to_string().partition(" (")[2]}
        if name in MAPS:
            return [list(pair) for pair in zip(parts[::2], parts[1::2])]
        if name == "StdBitsetPrinter":
            ones = {int(which.strip("[]")) for which, _ in printer.children()}
            return [str(i in ones).lower() for i in range(int(type.template_argument(0)))]
        if name == "StdVariantPrinter":
            return {"value": formatted(printer.contained_value) if printer.contained_value is not None else None}
        if name == "StdExpOptionalPrinter" and printer.contained_value is not None:
            return {"value": formatted(printer.contained_value)}
        if name == "StdExpOptionalPrinter":
            return {"value": None}
        return parts
    if type.code == gdb.TYPE_CODE_STRUCT:
        fields = [field for field in type.fields() if hasattr(field, "bitpos")]
        if [field.name for field in fields] == ["_M_elems"]:  # std::array has no printer.
            return formatted(value[fields[0]])
        return [formatted(value[field]) for field in fields]
    if type.code == gdb.TYPE_CODE_ARRAY:
        low, high = type.range()
        return [formatted(value[i]) for i in range(low, high + 1)]
    return value.format_string(symbols=False)


def variables():
    frame = gdb.newest_frame()
    while frame.name() != "look":
        frame = frame.older()
    frame = frame.older()
    symbols = [(symbol, block) for block in blocks(frame) for symbol in block if symbol.is_variable or symbol.is_argument]
    return {symbol.print_name: seen(frame.read_var(symbol, block)) for symbol, block in symbols}


def seen(value):
    if value.is_optimized_out:
        return "<optimized out>"
    try:
        return formatted(value)
    except gdb.error as error:
        return "<" + str(error) + ">"


def blocks(frame):
    block = frame.block()
    yield block
    while block.function is None:
        block = block.superblock
        yield block


register_libstdcxx_printers(None)
gdb.execute("set style enabled off")
with open(os.environ["STOPS"]) as names, open(os.environ["ANSWERS"], "w") as out:
    for name in names:
        gdb.execute("core-file " + name.strip(), to_string=True)
        out.write(json.dumps(variables()) + "\n")
