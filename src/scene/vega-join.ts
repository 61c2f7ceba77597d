import { operators, type Parameters, type Pulse, TUPLE_ID, type Tuple } from './vega-operators.ts';

/** A drawn item: `exit` when its datum has left. */
interface Item extends Tuple {
  datum?: Tuple;
  exit?: boolean;
}

/** Items by the keys of their data, as Vega asks for them: a mark inside a group looks for its group here. */
class Items {
  readonly byKey = new Map<unknown, Item>();
  readonly lookup: (tuple: Tuple) => Item | undefined;

  constructor(key: (tuple: Tuple) => unknown) {
    this.lookup = (tuple) => this.byKey.get(keyOf(key(tuple)));
  }

  get size(): number {
    return this.byKey.size;
  }

  get object(): Record<string, Item> {
    return Object.fromEntries([...this.byKey].map(([key, item]) => [String(key), item]));
  }

  get(key: string): Item | undefined {
    return this.object[key];
  }
}

/** Dates are equal when their instants are; other objects, as in Vega, when they read the same. */
const keyOf = (key: unknown): unknown =>
  typeof key !== 'object' || key === null ? key : key instanceof Date ? key.getTime() : String(key);

interface JoinParameters extends Parameters {
  readonly item?: (tuple: Tuple) => Item;
  readonly key?: (tuple: Tuple) => unknown;
  /** Not set for groups: what is inside a group holds on to its item. */
  readonly clean?: boolean;
}

/** Items that a mark keeps for the next chart. */
const MOST_SPARE = 1000;

/**
 * Joins data to drawn items. What leaves is forgotten before what comes is joined, so that items stand in the order of their
 * data and have the numbers they would have in a new view. Items are used again: a new one costs several times as much to
 * fill in. A group whose key comes again keeps its item, for the marks inside know it.
 */
export class DataJoin extends operators.Transform {
  declare value: Items | null;
  private readonly spare: Item[] = [];
  /** Left in the last pulse, at whose end nobody looks at them any more. */
  private left: Item[] = [];
  /** All that stand, in order: the marks behind look at no list of their own (`vega-graph.ts`). */
  private standing: Item[] = [];
  private count = 0;

  constructor(parameters: unknown) {
    super(null, parameters);
  }

  override transform(_: JoinParameters, given: Pulse): Pulse {
    const out = given.fork(given.NO_SOURCE | given.NO_FIELDS);
    if (Array.isArray(out.encode)) out.encode = null;
    const key = _.key ?? operators.tupleid;
    const pulse = this.value === null ? given.addAll() : given;
    this.value ??= new Items(key);
    const { byKey } = this.value;
    for (const item of this.left) if (this.spare.length < MOST_SPARE) this.spare.push(item);
    this.left = [];
    pulse.visit(pulse.REM, (tuple) => {
      const name = keyOf(key(tuple));
      const item = byKey.get(name);
      if (item?.datum !== tuple || item.exit) return;
      out.rem.push(item);
      item.exit = true;
      if (!_.clean) return;
      byKey.delete(name);
      if (!_.item) this.left.push(item);
    });
    if (byKey.size === 0) this.count = 0;
    const staying = out.rem.length > 0 ? this.standing.filter(({ exit }) => !exit) : this.standing;
    pulse.visit(pulse.ADD, (tuple) => {
      const name = keyOf(key(tuple));
      let item = byKey.get(name);
      if (item === undefined) {
        item = _.item ? _.item(tuple) : this.nextItem();
        byKey.set(name, item);
        out.add.push(item);
      } else (item.exit ? out.add : out.mod).push(item);
      item.datum = tuple;
      item.exit = false;
    });
    pulse.visit(pulse.MOD, (tuple) => {
      const item = byKey.get(keyOf(key(tuple)));
      if (item === undefined) return;
      item.datum = tuple;
      out.mod.push(item);
    });
    if (out.rem.length > 0 || out.add.length > 0) this.standing = [...staying, ...out.add];
    out.source = this.standing;
    if (pulse.changed(pulse.ADD_MOD)) out.modifies('datum');
    if (pulse.clean()) for (const [name, item] of byKey) if (item.exit) byKey.delete(name);
    return out;
  }

  private nextItem(): Item {
    const item = this.spare.pop() ?? {};
    item[TUPLE_ID] = ++this.count;
    return item;
  }
}
