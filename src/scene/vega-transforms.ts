import { Aggregate } from './vega-aggregate.ts';
import { DataJoin, JoinedMark } from './vega-join.ts';
import {
  type Compare,
  type Operator,
  type OperatorClass,
  operators,
  type Parameters,
  type Pulse,
  type Tuple,
} from './vega-operators.ts';

const { Transform, transforms, tupleid, ingest, merge } = operators;

const inOrder =
  (compare: Compare): Compare =>
  (a, b) =>
    compare(a, b) || tupleid(a) - tupleid(b);

interface CollectParameters extends Parameters {
  readonly sort?: Compare;
}

/** All tuples of a stream, in their order. */
class Collect extends Transform {
  declare value: Tuple[] & { root?: unknown };

  constructor(parameters: unknown) {
    super([], parameters);
  }

  override transform(_: CollectParameters, pulse: Pulse): Pulse {
    const out = pulse.fork(pulse.ALL);
    const added = out.materialize(out.ADD).add;
    const { sort } = _;
    const isChanged = pulse.changed() || (sort && (_.modified('sort') || pulse.modified(sort.fields)));
    let data = withoutGone(this.value, out);
    this.modified(isChanged);
    if (sort) {
      const compare = inOrder(sort);
      if (isChanged) data.sort(compare);
      if (added.length > 0) data = merge(compare, data, added.sort(compare));
    } else if (added.length > 0) data = data.concat(added);
    this.value = data;
    out.source = data;
    if (pulse.source?.root) this.value.root = pulse.source.root;
    return out;
  }
}

function withoutGone(tuples: Tuple[], pulse: Pulse): Tuple[] {
  const { rem, remF } = pulse;
  if (!remF && rem.length === tuples.length && rem.every((tuple, index) => tuple === tuples[index])) return [];
  const gone = new Set<number>();
  pulse.visit(pulse.REM, (tuple) => gone.add(tupleid(tuple)));
  return gone.size > 0 ? tuples.filter((tuple) => !gone.has(tupleid(tuple))) : tuples;
}

interface RelayParameters extends Parameters {
  readonly derive?: boolean;
}

/** Hands a stream on, with `derive` as copies that may be changed further down. */
class Relay extends Transform {
  declare value: Map<number, Tuple> | null;

  constructor(parameters: unknown) {
    super(null, parameters);
  }

  override transform(_: RelayParameters, given: Pulse): Pulse | undefined {
    const isFirst = this.value === null;
    const pulse = isFirst ? given.addAll() : given;
    const copies = this.value ?? new Map<number, Tuple>();
    this.value = copies;
    if (!_.derive) return isFirst ? pulse : undefined;
    const out = pulse.fork(pulse.NO_SOURCE);
    // Vega forgets here that all is new, and then keeps the groups of the chart before, in their order.
    if (pulse.clean()) out.clean(true);
    pulse.visit(pulse.REM, (tuple) => {
      const copy = copies.get(tupleid(tuple));
      if (copy) out.rem.push(copy);
      copies.delete(tupleid(tuple));
    });
    pulse.visit(pulse.ADD, (tuple) => {
      const copy = ingest(copyFields(tuple, {}));
      copies.set(tupleid(tuple), copy);
      out.add.push(copy);
    });
    pulse.visit(pulse.MOD, (tuple) => {
      const copy = copies.get(tupleid(tuple));
      if (!copy) return;
      copyFields(tuple, copy);
      for (const name in tuple) out.modifies(name);
      out.mod.push(copy);
    });
    return out;
  }
}

/** All but the tuple's number. */
function copyFields(from: Tuple, to: Tuple): Tuple {
  for (const name in from) to[name] = from[name];
  return to;
}

/** A table by tuple number that never has anything to clean. */
class Keys extends Map<number, unknown> {
  readonly empty = 0;
  readonly clean = (): void => {};
}

class Facet extends (transforms.facet as OperatorClass<Operator & { _keys: unknown }>) {
  constructor(parameters: unknown) {
    super(parameters);
    this._keys = new Keys();
  }
}

interface TickParameters extends Parameters {
  readonly scale: object;
}

/** The ticks of a scale that one axis made, for its grid and its labels are two axes that ask for the same. */
interface KnownTicks {
  readonly stamp: number;
  readonly asked: readonly unknown[];
  readonly ticks: readonly Tuple[];
}

const ASKED = ['count', 'values', 'minstep', 'extra', 'format', 'formatSpecifier', 'formatType'] as const;
const ticksByScale = new WeakMap<object, KnownTicks>();

class AxisTicks extends (transforms.axisticks as OperatorClass) {
  declare value: Tuple[] | null;

  override transform(_: TickParameters & Record<string, unknown>, pulse: Pulse): Pulse | undefined {
    if (this.value && !_.modified()) return pulse.StopPropagation;
    const asked = ASKED.map((name) => _[name]);
    const known = ticksByScale.get(_.scale);
    if (known?.stamp !== pulse.stamp || known.asked.some((value, index) => value !== asked[index])) {
      const out = super.transform(_, pulse);
      if (this.value) ticksByScale.set(_.scale, { stamp: pulse.stamp, asked, ticks: this.value });
      return out;
    }
    const out = pulse.fork(pulse.NO_SOURCE | pulse.NO_FIELDS);
    if (this.value) out.rem.push(...this.value);
    this.value = known.ticks.map((tick) => ingest(copyFields(tick, {})));
    out.add.push(...this.value);
    out.source = this.value;
    return out;
  }
}

const { transform: measure } = (transforms.bound as OperatorClass).prototype;

/** Fills in the items of a mark and measures them (`vega-graph.ts`). */
class EncodedBound extends (transforms.encode as OperatorClass) {
  override transform(_: Parameters, pulse: Pulse): Pulse | undefined {
    const filled = super.transform(_, pulse);
    if (!filled || filled === pulse.StopPropagation) return filled;
    const out = measure.call(this, _, filled);
    return filled.changed() ? out : pulse.StopPropagation;
  }
}

/** Wakes the group around it only when something changed: nothing stands between the two (`vega-graph.ts`). */
class Bound extends (transforms.bound as OperatorClass) {
  override transform(_: Parameters, pulse: Pulse): Pulse | undefined {
    const out = super.transform(_, pulse);
    return pulse.changed() ? out : pulse.StopPropagation;
  }
}

/** Notes what is to be drawn in front; nothing is drawn twice here, so nothing else has to be noted. */
class Render extends Transform {
  constructor(parameters: unknown) {
    super(null, parameters);
  }

  override transform(_: Parameters, pulse: Pulse): undefined {
    const item = pulse.fields?.zindex ? pulse.source?.[0] : undefined;
    if (item) (item.mark as { zdirty: boolean }).zdirty = true;
  }
}

/**
 * Puts our own of some of Vega's transforms in place of its own, for the whole process. Vega keeps tables by tuple number in
 * plain objects, which V8 makes slow dictionaries when numbers are high, as they soon are; and a view that is used again
 * with other rows is here what a new one would be.
 */
export function installTransforms(): void {
  const ours = { datajoin: DataJoin, collect: Collect, relay: Relay, facet: Facet, aggregate: Aggregate };
  Object.assign(transforms, ours, {
    axisticks: AxisTicks,
    bound: Bound,
    render: Render,
    joinedmark: JoinedMark,
    encodedbound: EncodedBound,
  });
}
