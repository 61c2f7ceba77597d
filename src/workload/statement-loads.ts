import { isWhole } from './delta-row.ts';
import { shortId, type WorkloadFacts } from './facts.ts';
import { statementsOf, sumOfWork, type Work } from './statements.ts';

/** What a statement did over all users and databases. */
export interface StatementLoad extends Work {
  readonly queryId: string;
  /** What is printed for it. */
  readonly id: string;
}

/**
 * Statements that clients sent in the range, the longest first; nested ones are inside them. Those whose counters began anew
 * are left out: they are no evidence of what the range did.
 */
export function statementLoads(facts: WorkloadFacts): readonly StatementLoad[] {
  const whole = statementsOf(facts).outer.filter(({ labels }) => isWhole({ labels }));
  return [...Map.groupBy(whole, ({ queryId }) => queryId)]
    .map(([queryId, members]) => ({ ...sumOfWork(members), queryId, id: shortId(queryId) }))
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => b.seconds - a.seconds);
}
