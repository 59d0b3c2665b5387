// A mutant is found by any counterexample: the smallest one is not looked for.

import fc from 'fast-check'

fc.configureGlobal({ endOnFailure: true })
