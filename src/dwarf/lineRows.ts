// Rows of line tables, kept as numbers.

/** A row of the line number table (DWARF 5, §6.2.2): from `address` on, up to the next row, code of this line. */
export interface LineRow {
  readonly address: number
  /** Index into the files of the header. */
  readonly file: number
  readonly line: number
  readonly column: number
  /** A recommended place for a breakpoint. */
  readonly isStmt: boolean
  /** Goes on with the line of the row before it, in another of the line's basic blocks, which discriminators tell apart. */
  readonly continues: boolean
}

/** Numbers for each row: address, file, line, and the column above two flags. */
const width = 4
const STMT = 1
const CONTINUES = 2

/** Rows as numbers, four each, made into objects when someone looks: a kernel has two million. */
export class LineRows implements Iterable<LineRow> {
  readonly #numbers: Uint32Array

  constructor(numbers: Uint32Array) {
    this.#numbers = numbers
  }

  static of(rows: Iterable<LineRow>): LineRows {
    const writer = new LineRowWriter()
    for (const row of rows) writer.push(row)
    return writer.done()
  }

  get length(): number {
    return this.#numbers.length / width
  }

  /** Undefined beyond the last. */
  address(index: number): number | undefined {
    return this.#numbers[index * width]
  }

  /** Within them. */
  at(index: number): LineRow {
    const from = index * width
    const rest = this.#numbers[from + 3]
    return {
      address: this.#numbers[from],
      file: this.#numbers[from + 1],
      line: this.#numbers[from + 2],
      column: rest >>> 2,
      isStmt: (rest & STMT) !== 0,
      continues: (rest & CONTINUES) !== 0,
    }
  }

  *[Symbol.iterator](): Generator<LineRow> {
    for (let index = 0; index < this.length; index++) yield this.at(index)
  }
}

/** Where rows are written before anyone knows how many there are; those of each sequence are copied out. */
let scratch = new Uint32Array(width * 1024)

/** Makes rows as they come; one sequence at a time. */
export class LineRowWriter {
  #length = 0

  get isEmpty(): boolean {
    return this.#length === 0
  }

  push({ address, file, line, column, isStmt, continues }: LineRow): void {
    if (this.#length === scratch.length) {
      const larger = new Uint32Array(2 * scratch.length)
      larger.set(scratch)
      scratch = larger
    }
    const flags = (isStmt ? STMT : 0) | (continues ? CONTINUES : 0)
    scratch[this.#length++] = address
    scratch[this.#length++] = file
    scratch[this.#length++] = line
    scratch[this.#length++] = (column << 2) | flags
  }

  done(): LineRows {
    const rows = new LineRows(scratch.slice(0, this.#length))
    this.#length = 0
    return rows
  }
}
