import { type OperatorClass, operators, type Parameters, type Pulse, TUPLE_ID, type Tuple } from './vega-operators.ts';

/** A drawn item: `exit` when its datum has left. */
interface Item extends Tuple {
  datum?: Tuple;
  exit?: boolean;
}

/** Items by the keys of their data, as Vega asks for them: a mark inside a group looks for its group here. */
class Items {
  readonly byKey = new Map<unknown, Item>();
  readonly lookup: (tuple: Tuple) => Item | undefined;

  readonly key: (tuple: Tuple) => unknown;

  constructor(key: (tuple: Tuple) => unknown) {
    this.key = key;
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
class Join {
  items: Items | null = null;
  private readonly spare: Item[] = [];
  /** Left in the last pulse, at whose end nobody looks at them any more. */
  private left: Item[] = [];
  /** All that stand, in order: the marks behind have no list of their own (`vega-graph.ts`). */
  private standing: Item[] = [];
  /** False while those that stand came all at once and are not told apart, for most leave all at once, too. */
  private areNamed = true;
  private count = 0;

  run(_: JoinParameters, given: Pulse): Pulse {
    const out = given.fork(given.NO_SOURCE | given.NO_FIELDS);
    if (Array.isArray(out.encode)) out.encode = null;
    const pulse = this.items === null ? given.addAll() : given;
    this.items ??= new Items(_.key ?? operators.tupleid);
    for (const item of this.left) if (this.spare.length < MOST_SPARE) this.spare.push(item);
    this.left = [];
    if (_.clean && !pulse.remF && isEveryDatum(this.standing, pulse.rem)) this.removeAll(_, out);
    else this.remove(_, pulse, out);
    if (this.standing.length === 0) this.count = 0;
    if (_.clean && !_.key && this.standing.length === 0 && pulse.mod.length === 0) this.addFirst(_, pulse, out);
    else this.add(_, pulse, out);
    if (out.add.length > 0) this.standing = this.standing.length > 0 ? [...this.standing, ...out.add] : out.add;
    out.source = this.standing;
    if (pulse.changed(pulse.ADD_MOD)) out.modifies('datum');
    const { byKey } = this.items;
    if (!_.clean && pulse.clean()) for (const [name, item] of byKey) if (item.exit) byKey.delete(name);
    return out;
  }

  private removeAll(_: JoinParameters, out: Pulse): void {
    for (const item of this.standing) item.exit = true;
    out.rem = this.standing;
    if (!_.item) this.left = this.standing;
    this.standing = [];
    this.items?.byKey.clear();
    this.areNamed = true;
  }

  private remove(_: JoinParameters, pulse: Pulse, out: Pulse): void {
    if (!pulse.changed(pulse.REM)) return;
    const { byKey, key } = this.named();
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
    if (out.rem.length > 0) this.standing = this.standing.filter(({ exit }) => !exit);
  }

  /** All at once, each for itself. */
  private addFirst(_: JoinParameters, pulse: Pulse, out: Pulse): void {
    pulse.visit(pulse.ADD, (tuple) => {
      const item = _.item ? _.item(tuple) : this.nextItem();
      item.datum = tuple;
      item.exit = false;
      out.add.push(item);
    });
    this.areNamed = out.add.length === 0;
  }

  private add(_: JoinParameters, pulse: Pulse, out: Pulse): void {
    if (!pulse.changed(pulse.ADD_MOD)) return;
    const { byKey, key } = this.named();
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
  }

  private named(): Items {
    const items = this.items as Items;
    if (!this.areNamed) for (const item of this.standing) items.byKey.set(keyOf(items.key(item.datum as Tuple)), item);
    this.areNamed = true;
    return items;
  }

  private nextItem(): Item {
    const item = this.spare.pop() ?? {};
    item[TUPLE_ID] = ++this.count;
    return item;
  }
}

/** The join of a group's mark, whose items the marks inside look up. */
export class DataJoin extends operators.Transform {
  declare value: Items | null;
  private readonly join = new Join();

  constructor(parameters: unknown) {
    super(null, parameters);
  }

  override transform(_: JoinParameters, pulse: Pulse): Pulse {
    const out = this.join.run(_, pulse);
    this.value = this.join.items;
    return out;
  }
}

/** A mark that joins its data itself (`vega-graph.ts`). */
export class JoinedMark extends (operators.transforms.mark as OperatorClass) {
  private readonly join = new Join();

  override transform(_: JoinParameters, pulse: Pulse): Pulse | undefined {
    return super.transform(_, this.join.run(_, pulse));
  }
}

const isEveryDatum = (items: readonly Item[], tuples: readonly Tuple[]): boolean =>
  items.length > 0 && items.length === tuples.length && items.every(({ datum }, index) => datum === tuples[index]);
