import { vega } from './vega-build.ts';
import {
  type Operator,
  type OperatorClass,
  operators,
  type Parameters,
  type Pulse,
  type Tuple,
} from './vega-operators.ts';

const { ingest, transforms } = operators;

type Accessor = (tuple: Tuple) => unknown;

/** What one field of a group's rows comes to, as Vega counts it: missing values and texts that are no numbers count for nothing. */
class Tally {
  valid = 0;
  sum = 0;
  mean = 0;
  min: unknown;
  max: unknown;

  /** A value that Vega calculates with as if it were a number, whatever it is. */
  add(value: number): void {
    if ((value as unknown) === null || value === undefined || (value as unknown) === '' || Number.isNaN(value)) return;
    this.valid += 1;
    this.sum += +value;
    this.mean += (value - this.mean) / this.valid;
    if (value < (this.min as number) || this.min === undefined) this.min = value;
    if (value > (this.max as number) || this.max === undefined) this.max = value;
  }
}

/** How each of the usual measures is read off. */
const READ: Readonly<Record<string, (tally: Tally) => unknown>> = {
  sum: ({ valid, sum }) => (valid ? sum : undefined),
  mean: ({ valid, mean }) => (valid ? mean : undefined),
  average: ({ valid, mean }) => (valid ? mean : undefined),
  min: ({ min }) => min,
  max: ({ max }) => max,
  valid: ({ valid }) => valid,
};

/** The rows of one group. */
interface Group {
  readonly tuple: Tuple;
  readonly tallies: readonly Tally[];
  count: number;
}

/** Groups by the values of the dimensions, one after the other. */
type Groups = Map<string, Groups | Group>;

interface AggregateParameters extends Parameters {
  readonly groupby?: Accessor | readonly Accessor[];
  readonly fields?: readonly (Accessor | null)[];
  readonly ops?: readonly string[];
  readonly as?: readonly (string | null)[];
  readonly drop?: boolean;
  readonly cross?: boolean;
  readonly key?: unknown;
  readonly aggregate_params?: unknown;
}

/** What Vega's own class has within. */
interface VegaAggregate extends Operator {
  _prev: unknown;
  readonly _outputs: readonly string[];
  add(tuple: Tuple): void;
  changes(out: Pulse): Pulse;
}

/** What is asked for, made ready. */
interface Plan {
  readonly dimensions: readonly { readonly name: string; readonly read: Accessor }[];
  readonly fields: readonly Accessor[];
  /** In the order of Vega's output; the count of rows has no field. */
  readonly measures: readonly {
    readonly name: string;
    readonly field: number;
    readonly read: (tally: Tally) => unknown;
  }[];
  readonly counts: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * Sums of groups, always made anew of all rows: a view that is used again is given other rows, and subtracting those that left takes
 * longer and leaves what rounding left. Vega's own is for what is asked for seldom (medians, empty groups, keys of its own).
 */
export class Aggregate extends (transforms.aggregate as OperatorClass<VegaAggregate>) {
  /** Null when Vega's own does the work. */
  private plan: Plan | null | undefined;
  private made: Tuple[] = [];

  override transform(_: AggregateParameters, pulse: Pulse): Pulse | undefined {
    const isNew = this.plan === undefined || (this.plan !== null && _.modified());
    if (isNew) this.plan = pulse.source ? planOf(_) : null;
    const { plan } = this;
    if (!plan) return this.transformAsVega(_, pulse);
    const out = pulse.fork(pulse.NO_SOURCE | pulse.NO_FIELDS);
    if (!isNew && !pulse.changed(pulse.ADD | pulse.REM) && !pulse.modified(plan.inputs)) return out;
    out.rem = this.made;
    this.made = groupsOf(plan, pulse.source ?? []);
    out.add = this.made;
    out.modifies(plan.outputs);
    if (pulse.clean()) out.clean(true);
    return out;
  }

  private transformAsVega(_: AggregateParameters, pulse: Pulse): Pulse | undefined {
    const isReplaced = this.value && pulse.source && pulse.changed(pulse.REM) && pulse.clean();
    if (!isReplaced || _.drop === false || _.cross || _.modified()) return super.transform(_, pulse);
    const out = pulse.fork(pulse.NO_SOURCE | pulse.NO_FIELDS);
    this.stamp = out.stamp;
    this._prev = this.value;
    this.value = Object.create(null);
    pulse.visit(pulse.SOURCE, (tuple) => this.add(tuple));
    out.modifies(this._outputs);
    out.clean(true);
    return this.changes(out);
  }
}

const nameOf = (accessor: Accessor): string => vega.accessorName(accessor as never) ?? '';

function planOf(_: AggregateParameters): Plan | null {
  const { fields = [null], ops = ['count'], as = [] } = _;
  const isUsual = ops.every((op) => op === 'count' || op in READ);
  if (!isUsual || _.drop === false || _.cross || _.key || _.aggregate_params) return null;
  const dimensions = vega.array(_.groupby ?? []).map((read) => ({ name: nameOf(read), read }));
  const read = new Map<string, Accessor>();
  for (const field of fields) if (field) read.set(nameOf(field), field);
  const names = [...read.keys()];
  const wanted = ops.map((op, index) => {
    const accessor = fields[index];
    const field = accessor ? nameOf(accessor) : '';
    return { op, field: names.indexOf(field), name: as[index] || (field ? `${op}_${field}` : op) };
  });
  const measures = wanted.flatMap(({ op, field, name }) => {
    const of = READ[op];
    return of && op !== 'count' ? [{ name, field, read: of }] : [];
  });
  const accessors = [...dimensions.map((dimension) => dimension.read), ...read.values()];
  return {
    dimensions,
    fields: [...read.values()],
    measures,
    counts: wanted.filter(({ op }) => op === 'count').map(({ name }) => name),
    inputs: accessors.flatMap((accessor) => vega.accessorFields(accessor as never) ?? []),
    outputs: [...dimensions.map(({ name }) => name), ...wanted.map(({ name }) => name)],
  };
}

function groupsOf(plan: Plan, rows: readonly Tuple[]): Tuple[] {
  const { dimensions, fields, measures, counts } = plan;
  const groups: Group[] = [];
  const root: Groups = new Map();
  const last = dimensions.length - 1;
  for (const row of rows) {
    let level = root;
    let group: Group | undefined;
    for (let index = 0; index < last; index++) {
      const key = String(dimensions[index]?.read(row));
      let next = level.get(key) as Groups | undefined;
      if (next === undefined) {
        next = new Map();
        level.set(key, next);
      }
      level = next;
    }
    const key = last < 0 ? '' : String(dimensions[last]?.read(row));
    group = level.get(key) as Group | undefined;
    if (group === undefined) {
      const tuple: Tuple = {};
      for (const { name, read } of dimensions) tuple[name] = read(row);
      group = { tuple: ingest(tuple), tallies: fields.map(() => new Tally()), count: 0 };
      level.set(key, group);
      groups.push(group);
    }
    group.count += 1;
    for (let index = 0; index < fields.length; index++) {
      group.tallies[index]?.add((fields[index] as Accessor)(row) as number);
    }
  }
  return groups.map(({ tuple, tallies, count }) => {
    for (const name of counts) tuple[name] = count;
    for (const { name, field, read } of measures) tuple[name] = read(tallies[field] as Tally);
    return tuple;
  });
}
