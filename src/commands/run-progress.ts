import { setTimeout as pause } from 'node:timers/promises';
import type { Ctx } from '../operations/context.ts';
import { getRun } from '../operations/runs/get-run.ts';

const LOOK_MS = 300;

interface StepView {
  readonly id: number;
  readonly name: string;
  readonly state: string;
}

/** Tell a person at a terminal, on stderr, which step of a run is in which state, as it changes. Ends when called. */
export function showRunProgress(ctx: Ctx, runId: string): () => void {
  const stopping = new AbortController();
  void tellChanges(ctx, runId, stopping.signal).catch(() => undefined);
  return () => stopping.abort();
}

async function tellChanges(ctx: Ctx, runId: string, signal: AbortSignal): Promise<void> {
  const told = new Map<number, string>();
  while (!signal.aborted) {
    const { steps } = await getRun({ ctx, input: { id: runId } });
    for (const step of steps as readonly StepView[]) {
      if (told.get(step.id) !== step.state)
        process.stderr.write(`  ${step.state.toLowerCase().padEnd(10)}  ${step.name}\n`);
      told.set(step.id, step.state);
    }
    await pause(LOOK_MS, undefined, { signal });
  }
}
