import type { Loader, Runtime, View } from 'vega';
import { BroadsheetError } from '../errors.ts';
import { vega } from './vega-build.ts';
import { type Operator, operators, type Pulse, type Tuple } from './vega-operators.ts';

/** What Vega's dataflow keeps for itself. */
interface Dataflow {
  _clock: number;
  _pulse: Pulse | null;
  _heap: Agenda;
  /** Operators to run next time; a list until the first time. */
  _touched: Set<Operator>;
  /** What was put into operators from outside, by their ids. */
  _input: Record<number, Pulse>;
  readonly _runtime: { readonly data: Readonly<Record<string, { readonly input: Operator } | undefined>> };
  _postrun: { readonly priority: number; readonly callback: (dataflow: unknown) => void }[];
}

type Options = { readonly logLevel: number; readonly loader: Loader };

const Base = vega.View as unknown as new (runtime: Runtime, options: Options) => Dataflow;

/**
 * A view that is run at once and to its end, for a page that is printed. Vega's own runs between promises, keeps its agenda
 * with closures and gives every operator copies of what it could share, which together take as long as the work itself.
 * What an operator throws is thrown; the view is then of no more use.
 */
class QuietView extends Base {
  constructor(runtime: Runtime, options: Options) {
    super(runtime, options);
    this._heap = new Agenda();
    this._touched = new Set(this._touched);
  }

  evaluate(encode: unknown): this {
    if (this._pulse) throw new Error('a view is already running');
    if (this._touched.size === 0) return this;
    const pulse = new operators.Pulse(this, ++this._clock, encode);
    this._pulse = pulse;
    const touched = this._touched;
    this._touched = new Set();
    const enqueue = (operator: Operator): void => this._enqueue(operator);
    try {
      for (const operator of touched) this._enqueue(operator, true);
      for (let next = this._heap.pop(); next; next = this._heap.pop()) {
        if (next.rank !== next.qrank) this._enqueue(next, true);
        else if (runOne(next, this.pulseFor(next, pulse)) !== pulse.StopPropagation) next._targets?.forEach(enqueue);
      }
    } finally {
      this._heap.clear();
      this._input = {};
      this._pulse = null;
    }
    const after = this._postrun.sort((a, b) => b.priority - a.priority);
    this._postrun = [];
    for (const { callback } of after) callback(this);
    return this;
  }

  /** Puts rows in the place of all that were there; they are tuples already. */
  replaceRows(name: string, tuples: Tuple[]): this {
    const { input } = this._runtime.data[name] ?? {};
    if (input === undefined) throw new Error(`a chart without ${name}`);
    const pulse = new operators.Pulse(this, this._clock + 1, undefined);
    pulse.rem = input.pulse?.source ?? [];
    pulse.add = tuples;
    pulse.clean(true);
    this._input[input.id] = pulse;
    this._touched.add(input);
    return this;
  }

  /** Nothing is drawn before all is laid out. */
  dirty(): void {}

  _enqueue(operator: Operator, isForced = false): void {
    const isNew = operator.stamp < this._clock;
    if (isNew) operator.stamp = this._clock;
    if (!isNew && !isForced) return;
    operator.qrank = operator.rank;
    this._heap.push(operator);
  }

  private pulseFor({ id, source, transform }: Operator, pulse: Pulse): Pulse {
    if (Array.isArray(source)) {
      return new operators.MultiPulse(
        this,
        pulse.stamp,
        source.map((one: Operator) => one.pulse),
        pulse.encode,
      );
    }
    const given = this._input[id];
    if (given) return given;
    const before = (source as Operator | null | undefined)?.pulse;
    if (before?.stamp === pulse.stamp) return before;
    // What only computes a value looks at nothing but the time.
    if (!before && transform === undefined) return pulse;
    const own = pulse.fork();
    if (before && before !== pulse.StopPropagation) own.source = before.source;
    return own;
  }
}

function runOne(operator: Operator, pulse: Pulse): Pulse {
  const out = operator.run(pulse) as Pulse & { readonly then?: unknown; readonly async?: unknown };
  if (out.then || out.async) throw new BroadsheetError('bad_request', 'a chart may not load anything');
  return out;
}

/** Operators by rank, the lowest first. Ranks stand beside them: reading one of an operator, of which there are many kinds, is slow. */
class Agenda {
  private readonly heap: Operator[] = [];
  private readonly ranks: number[] = [];

  clear(): void {
    this.heap.length = 0;
    this.ranks.length = 0;
  }

  push(operator: Operator): void {
    const { heap, ranks } = this;
    const rank = operator.qrank;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = ranks[above] as number;
      if (parent <= rank) break;
      ranks[at] = parent;
      heap[at] = heap[above] as Operator;
      at = above;
    }
    heap[at] = operator;
    ranks[at] = rank;
  }

  pop(): Operator | undefined {
    const { heap, ranks } = this;
    const first = heap[0];
    const last = heap.pop();
    const rank = ranks.pop();
    if (first === last || last === undefined || rank === undefined) return first;
    const { length } = heap;
    let at = 0;
    for (let below = 1; below < length; below = 2 * at + 1) {
      if (below + 1 < length && (ranks[below + 1] as number) < (ranks[below] as number)) below++;
      if ((ranks[below] as number) >= rank) break;
      ranks[at] = ranks[below] as number;
      heap[at] = heap[below] as Operator;
      at = below;
    }
    heap[at] = last;
    ranks[at] = rank;
    return first;
  }
}

/** Vega's view, made quiet. */
export type StillView = View & Pick<QuietView, 'replaceRows'>;

export const newStillView = (runtime: Runtime, options: Options): StillView =>
  new QuietView(runtime, options) as unknown as StillView;
