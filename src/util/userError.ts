// Mistakes that the user can mend.

/** A mistake the user can mend: what happened, and what to do. `code` stays the same between versions. */
export class UserError extends Error {
  readonly code: string
  readonly advice: string

  constructor(code: string, what: string, advice: string) {
    super(`${what}: ${advice}`)
    this.name = 'UserError'
    this.code = code
    this.advice = advice
  }
}
