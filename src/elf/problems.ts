// What is damaged in a file, each told once.

/** More of them are told by nobody; a file can have as many as it has bytes. */
const MOST_PROBLEMS = 100

/** Tells of some damage once, whoever meets it again. */
export function note(problems: string[], problem: string): void {
  if (problems.length >= MOST_PROBLEMS || problems.includes(problem)) return
  const isLast = problems.length === MOST_PROBLEMS - 1
  problems.push(isLast ? 'There is more damage, which is not listed.' : problem)
}
