import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/commands/exit-codes.ts';
import { exitCodeOfRun } from '../../src/commands/run-outcome.ts';
import type { RunState } from '../../src/store/schema/runs.ts';

const document = { id: 'd' };
const codeOf = (
  state: RunState,
  given: { document?: object | null; deliveries?: string[]; alreadyDone?: boolean } = {},
) =>
  exitCodeOfRun({
    state,
    alreadyDone: given.alreadyDone ?? false,
    run: {
      document: given.document ?? null,
      deliveries: (given.deliveries ?? []).map((delivery) => ({ state: delivery })),
    },
  });

describe('the exit code of run', () => {
  it('is 0 for what went well, and for what was not to be run', () => {
    expect(codeOf('SUCCESSFUL', { document, deliveries: ['SENT'] })).toBe(EXIT.ok);
    expect(codeOf('SKIPPED')).toBe(EXIT.ok);
  });

  it('tells a report that is not whole from one that did not arrive', () => {
    expect(codeOf('PARTIAL', { document, deliveries: ['SENT'] })).toBe(EXIT.partial);
    expect(codeOf('HELD', { document })).toBe(EXIT.partial);
    expect(codeOf('PARTIAL', { document, deliveries: ['SENT', 'REFUSED'] })).toBe(EXIT.deliveryFailed);
    expect(codeOf('PARTIAL', { document, deliveries: ['UNCERTAIN'] })).toBe(EXIT.deliveryFailed);
    expect(codeOf('FAILED', { document, deliveries: ['FAILED'] })).toBe(EXIT.deliveryFailed);
    expect(codeOf('FAILED')).toBe(EXIT.failed);
    expect(codeOf('CANCELED')).toBe(EXIT.failed);
  });

  it('is 0 for what somebody has done already, but not for what has failed already', () => {
    const alreadyDone = true;
    expect(codeOf('SUCCESSFUL', { document, alreadyDone })).toBe(EXIT.ok);
    expect(codeOf('PARTIAL', { document, deliveries: ['REFUSED'], alreadyDone })).toBe(EXIT.ok);
    expect(codeOf('SKIPPED', { alreadyDone })).toBe(EXIT.ok);
    expect(codeOf('FAILED', { alreadyDone })).toBe(EXIT.failed);
  });
});
