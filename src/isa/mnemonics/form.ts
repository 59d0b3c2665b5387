// Another way to write an instruction: a narrower pattern with a name and operands of its own.

/** Values of the fields of a pattern, by name. */
export type FormFields = Readonly<Record<string, number>>

export interface Form {
  /** `~` stands for the branch hint, `+` or `-`; `rc:1` in the pattern adds the dot. */
  readonly name: string
  readonly pattern: string
  readonly operands: string
  /** What a pattern cannot say: fields that depend on each other. */
  readonly when?: (fields: FormFields) => boolean
}
