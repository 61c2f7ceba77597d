import { vega } from './vega-build.ts';

/** What Vega's dataflow hands around: rows of data, and the items that are drawn for them. */
export interface Tuple {
  [name: string | symbol]: unknown;
}

/** What flows from one operator to the next: tuples that came, went and changed. */
export interface Pulse {
  readonly ADD: number;
  readonly REM: number;
  readonly MOD: number;
  readonly ALL: number;
  readonly ADD_MOD: number;
  readonly SOURCE: number;
  readonly NO_SOURCE: number;
  readonly NO_FIELDS: number;
  readonly StopPropagation: Pulse;
  readonly stamp: number;
  add: Tuple[];
  rem: Tuple[];
  readonly mod: Tuple[];
  /** Tells which of those that went are meant. */
  readonly remF: unknown;
  readonly fields: Readonly<Record<string, unknown>> | null;
  source: (Tuple[] & { root?: unknown }) | null;
  encode: unknown;
  fork(flags?: number): Pulse;
  addAll(): Pulse;
  visit(flags: number, visitor: (tuple: Tuple) => void): Pulse;
  changed(flags?: number): number | boolean;
  modified(fields: unknown): boolean;
  modifies(fields: unknown): Pulse;
  materialize(flags: number): Pulse;
  clean(isWanted?: boolean): boolean;
}

/** The values an operator is given; `modified` says which are not what they were. */
export interface Parameters {
  modified(name?: string): boolean;
}

export type Compare = ((a: Tuple, b: Tuple) => number) & { readonly fields?: readonly string[] };

/** A node of the dataflow. Those of lower rank are run first. */
export declare class Operator {
  constructor(value: unknown, parameters: unknown);
  value: unknown;
  readonly id: number;
  readonly rank: number;
  qrank: number;
  stamp: number;
  pulse: Pulse | null;
  readonly source: Operator | readonly Operator[] | null | undefined;
  readonly _targets: { forEach(visitor: (operator: Operator) => void): void } | undefined;
  run(pulse: Pulse): Pulse;
  modified(is: unknown): unknown;
  transform(parameters: Parameters, pulse: Pulse): Pulse | undefined;
}

export type OperatorClass<O extends Operator = Operator> = new (parameters: unknown) => O;

/** Exported by Vega, missing from its type declarations. */
export const operators = vega as unknown as {
  readonly Transform: typeof Operator;
  readonly Pulse: new (dataflow: unknown, stamp: number, encode: unknown) => Pulse;
  readonly MultiPulse: new (dataflow: unknown, stamp: number, pulses: (Pulse | null)[], encode: unknown) => Pulse;
  readonly transforms: Record<string, OperatorClass>;
  readonly tupleid: (tuple: Tuple) => number;
  readonly ingest: (tuple: Tuple) => Tuple;
  readonly merge: (compare: Compare, a: Tuple[], b: Tuple[]) => Tuple[];
};

const [symbol] = Object.getOwnPropertySymbols(operators.ingest({}));
if (symbol === undefined) throw new Error('the tuples of Vega are not what they were');

/** The property that holds a tuple's number. */
export const TUPLE_ID: symbol = symbol;
