import { setTimeout as pause } from 'node:timers/promises';
import type { Locale } from '../../definition/definition.ts';
import { engineOfUrl } from '../../engines/engines.ts';
import type { Capture, ClusterWatch } from '../../engines/watch.ts';
import { BroadsheetError, badRequest } from '../../errors.ts';
import { createMinuteBook } from '../../rows/sample-minutes.ts';
import type { SampleMinute } from '../../rows/session-samples.ts';
import type { Snapshot } from '../../rows/snapshot.ts';
import { textKey, type WorkloadFacts } from '../../workload/facts.ts';
import { rangeOf } from '../../workload/range.ts';

export interface ObserveInput {
  readonly url: string;
  readonly seconds: number;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly signal: AbortSignal;
  /** Ends the watch before its time; what was seen until then is what there is. */
  readonly enough?: AbortSignal;
  /** Told about twice a second how far it is: seconds done, sessions at work now. */
  readonly onProgress: (seconds: number, active: number) => void;
}

const SAMPLE_MS = 1000;
const LOCKS_EVERY = 5;
const MOST_SCOPES = 50;
const STRETCHES_MS: readonly number[] = [5000, 10_000, 15_000, 30_000, 60_000];
const MOST_STRETCHES = 60;
const STATEMENT_TIMEOUT_MS = 15_000;

/**
 * Watch a server that is no cluster of ours for a while: two snapshots, and the sessions sampled between them.
 * @throws BroadsheetError `bad_request` for a URL that cannot be watched; `unavailable`, `canceled`.
 */
export async function observeSource(input: ObserveInput): Promise<WorkloadFacts> {
  const engine = engineOfUrl(input.url);
  if (engine.watch === null) throw badRequest('--source: servers of this kind cannot be watched');
  const watch = engine.watch(input.url);
  const first = await capture(watch, input.signal, () => false);
  const minutes = await sampled(watch, input);
  const known = new Set(first.texts.map((text) => textKey(text.kind, text.scope, text.key)));
  const last = await capture(watch, input.signal, (text) => known.has(textKey(text.kind, text.scope, text.key)));
  const snapshot = ({ identity, parts, missing }: Capture): Snapshot => {
    return { id: 0, engine: engine.kind, identity, parts, missing };
  };
  const texts = [...first.texts, ...last.texts];
  return {
    cluster: { name: engine.maskUrl(input.url).replace(/^\w+:\/\/(?:[^@/]*@)?/, ''), engine: engine.kind },
    range: rangeOf([snapshot(first), snapshot(last)]),
    minutes,
    texts: new Map(texts.map((text) => [textKey(text.kind, text.scope, text.key), text])),
    trend: [],
    baseline: null,
    locale: input.locale,
    timeZone: input.timeZone,
  };
}

/** A watch of a minute would be one step of a chart: short ones are counted in shorter stretches than minutes. */
const stretchMs = (seconds: number): number =>
  STRETCHES_MS.find((ms) => (seconds * 1000) / ms <= MOST_STRETCHES) ?? 60_000;

const capture = (
  watch: ClusterWatch,
  signal: AbortSignal,
  knows: (text: { kind: 'sql' | 'index'; scope: string; key: string }) => boolean,
): Promise<Capture> =>
  watch.capture({ knows, maxScopes: MOST_SCOPES, statementTimeoutMs: STATEMENT_TIMEOUT_MS }, signal);

async function sampled(watch: ClusterWatch, input: ObserveInput): Promise<readonly SampleMinute[]> {
  const sampler = await watch.openSampler(input.signal);
  const book = createMinuteBook(SAMPLE_MS / 1000, stretchMs(input.seconds));
  const minutes: SampleMinute[] = [];
  const began = performance.now();
  const { signal, enough } = input;
  const ended = enough === undefined ? signal : AbortSignal.any([signal, enough]);
  try {
    for (let turn = 0; ; turn += 1) {
      const sample = await sampler.sample(turn % LOCKS_EVERY === 0, signal);
      minutes.push(...book.add(sample));
      const seconds = (performance.now() - began) / 1000;
      input.onProgress(Math.min(seconds, input.seconds), sample.sessions.length);
      if (seconds >= input.seconds || enough?.aborted === true) break;
      await pause(Math.min(SAMPLE_MS, (input.seconds - seconds) * 1000), undefined, { signal: ended }).catch(() => {
        if (signal.aborted) throw new BroadsheetError('canceled', 'watching was canceled');
      });
    }
  } finally {
    sampler.close();
  }
  return [...minutes, ...book.take()];
}
