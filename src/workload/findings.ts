import { shortId, type WorkloadFacts } from './facts.ts';
import { ageRules } from './findings/ages.ts';
import { bufferRules } from './findings/buffers.ts';
import { changeRules } from './findings/changes.ts';
import { duplicateRules } from './findings/duplicates.ts';
import { indexRules } from './findings/indexes.ts';
import { lockRules } from './findings/locks.ts';
import { replicationRules } from './findings/replication.ts';
import { riskRules } from './findings/risks.ts';
import { sessionRules } from './findings/sessions.ts';
import { spillRules } from './findings/spills.ts';
import { statementRules } from './findings/statements.ts';
import { tableRules } from './findings/tables.ts';
import { transactionRules } from './findings/transactions.ts';
import { vacuumRules } from './findings/vacuum.ts';
import { walRules } from './findings/wal.ts';
import type { Finding, FindingRule } from './section.ts';

/** Every rule there is; docs/workload.md lists them. */
export const FINDING_RULES: readonly FindingRule[] = [
  ...riskRules,
  ...lockRules,
  ...transactionRules,
  ...sessionRules,
  ...changeRules,
  ...statementRules,
  ...spillRules,
  ...tableRules,
  ...indexRules,
  ...duplicateRules,
  ...vacuumRules,
  ...ageRules,
  ...bufferRules,
  ...walRules,
  ...replicationRules,
];

const found = new WeakMap<WorkloadFacts, readonly Finding[]>();

/**
 * What to look at: the most severe first, of one severity the one with the most impact. Rules of servers newer than this
 * one are passed over. Computed once per facts.
 */
export function findingsOf(facts: WorkloadFacts): readonly Finding[] {
  const known = found.get(facts) ?? judged(facts);
  found.set(facts, known);
  return known;
}

/** Printed ids of statements as they stand in sentences. */
export const PRINTED_IDS = /(?<![\w$"'])[\da-z]{8}(?![\w$"'])/g;

/** The statements (the server's ids) that each finding names in its sentence, of those whose texts are known. */
export function statementsInFindings(facts: WorkloadFacts): readonly (readonly string[])[] {
  const byPrinted = new Map<string, string>();
  for (const { kind, key } of facts.texts.values()) if (kind === 'sql') byPrinted.set(shortId(key), key);
  return findingsOf(facts).map(({ sentence }) =>
    [...sentence.matchAll(PRINTED_IDS)].flatMap(([printed]) => byPrinted.get(printed) ?? []),
  );
}

function judged(facts: WorkloadFacts): readonly Finding[] {
  const { major } = facts.range.end.identity;
  return FINDING_RULES.filter(({ since = 0 }) => since <= major)
    .flatMap((rule) => rule.find(facts))
    .sort((a, b) => a.severity - b.severity || b.impact - a.impact);
}
