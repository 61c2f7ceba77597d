import type { Runtime } from 'vega';

type Id = number | string;

interface Reference {
  readonly $ref: Id;
}

/** One operator of a compiled chart. */
interface Node {
  readonly id: Id;
  readonly type: string;
  readonly params?: Readonly<Record<string, unknown>> & { readonly pulse?: Reference };
  /** Whom it wakes besides those who read it: the group that a mark stands in. */
  readonly parent?: Reference;
}

/** What is left out: by operator, who stands in its place for those who read it; null when nobody does. */
interface Cuts {
  readonly instead: Map<Id, Id | null>;
  /** The groups that those who stay wake from now on. */
  readonly wakes: Map<Id, Reference>;
  /** Those that do another's work as well. */
  readonly merged: Map<Id, Pick<Node, 'type' | 'params'>>;
}

/** A compiled chart to be cut. */
interface Whole {
  readonly nodes: ReadonlyMap<Id, Node>;
  /** How often an operator is named by others. */
  readonly readers: Map<Id, number>;
  /** Where rows come into a group. */
  readonly doors: ReadonlySet<Id | undefined>;
}

/**
 * Leaves out of a compiled chart what a page does not need, more than half of its operators: drawing again what changed,
 * answers to who asks for rows and items later, lists that another operator keeps as well (those of items our own join,
 * `vega-join.ts`), and copies of rows that nobody else looks at. What of a mark always follows each other is made one.
 */
export function withoutScreen(runtime: Runtime): Runtime {
  const graphs: (readonly Node[])[] = [];
  const readers = new Map<Id, number>();
  visit(runtime, (value) => {
    if (Array.isArray(value.operators)) graphs.push(value.operators as readonly Node[]);
    if (isReference(value)) readers.set(value.$ref, (readers.get(value.$ref) ?? 0) + 1);
  });
  const nodes = new Map(graphs.flat().map((node) => [node.id, node]));
  const whole: Whole = { nodes, readers, doors: new Set(graphs.map(([first]) => first?.id)) };
  const cuts: Cuts = { instead: new Map(), wakes: new Map(), merged: new Map() };
  for (const node of nodes.values()) cutScreen(whole, cuts, node);
  for (const node of nodes.values()) cutCopies(whole, cuts, node);
  for (const node of nodes.values()) merge(whole, cuts, node);
  return rewrite(runtime, cuts) as Runtime;
}

function cutScreen(
  { nodes, readers, doors }: Whole,
  { instead, wakes }: Cuts,
  { id, type, params, parent }: Node,
): void {
  const before = params?.pulse && nodes.get(params.pulse.$ref);
  if (!before || doors.has(id)) return;
  if (type === 'collect' && before.type === 'datajoin' && !params.sort) instead.set(id, before.id);
  if (type === 'render' && !mayStandInFront(nodes, before)) instead.set(id, before.id);
  if (type !== 'sieve' || readers.has(id)) return;
  if (parent) {
    const last = standIn(instead, before.id);
    // Our own of `bound` wakes nobody when nothing changed, as the sieve behind it did.
    if (last === null || nodes.get(last)?.type !== 'bound' || wakes.has(last)) return;
    wakes.set(last, parent);
  }
  instead.set(id, null);
  readers.set(before.id, (readers.get(before.id) ?? 0) - 1);
}

/** Within the chart itself: in a group that comes later, a copy is what sees the rows that were there before. */
function cutCopies({ nodes, readers }: Whole, { instead }: Cuts, { id, type, params }: Node): void {
  const before = params?.pulse && nodes.get(params.pulse.$ref);
  if (!before || typeof id !== 'number') return;
  if (type === 'relay' && (!params.derive || readers.get(before.id) === 1)) instead.set(id, before.id);
  const source = standIn(instead, before.id);
  const isListed = source !== null && nodes.get(source)?.type === 'collect';
  if (type === 'collect' && isListed && !params.sort) instead.set(id, source);
}

/** A mark joins its own data, and its items are measured when they are filled in; not groups, which others look into. */
function merge({ nodes, readers }: Whole, { instead, merged }: Cuts, { id, type, params }: Node): void {
  const before = params?.pulse && nodes.get(params.pulse.$ref);
  if (!before || readers.get(before.id) !== 1) return;
  if (type === 'mark') {
    const join = nodes.get(standIn(instead, before.id) ?? '');
    if (join?.type !== 'datajoin' || readers.get(join.id) !== 1) return;
    instead.set(join.id, null);
    merged.set(id, { type: 'joinedmark', params: { ...params, ...join.params } });
  }
  const mark = isObject(params.mark) && isReference(params.mark) ? params.mark : undefined;
  if (type !== 'bound' || before.type !== 'encode' || !mark || isGroup(nodes.get(mark.$ref))) return;
  instead.set(before.id, null);
  merged.set(id, { type: 'encodedbound', params: { ...before.params, mark } });
}

const isGroup = (node: Node | undefined): boolean =>
  !isObject(node?.params?.markdef) || node.params.markdef.marktype === 'group';

/** Whether the items of a mark are told their place in front of others; then what draws has to put them in order. */
function mayStandInFront(nodes: ReadonlyMap<Id, Node>, node: Node): boolean {
  if (node.type === 'encode') return JSON.stringify(node.params).includes('"zindex"');
  const before = node.params?.pulse && nodes.get(node.params.pulse.$ref);
  return before === undefined || mayStandInFront(nodes, before);
}

function standIn(instead: Cuts['instead'], id: Id): Id | null {
  const other = instead.get(id);
  return other === undefined ? id : other === null ? null : standIn(instead, other);
}

function rewrite(value: unknown, cuts: Cuts): unknown {
  if (Array.isArray(value)) return value.map((one) => rewrite(one, cuts));
  if (!isObject(value)) return value;
  if (isReference(value)) return { ...value, $ref: standIn(cuts.instead, value.$ref) };
  let whole = value;
  if (Array.isArray(value.operators)) whole = { ...value, operators: stayingOf(value.operators, cuts) };
  if (isObject(value.$encode)) whole = { ...value, $encode: settledAtOnce(value.$encode as unknown as Encoders) };
  return Object.fromEntries(Object.entries(whole).map(([name, one]) => [name, rewrite(one, cuts)]));
}

/** The code of each channel of an item. */
interface Encoder {
  readonly $expr: { readonly channels: Readonly<Record<string, unknown>> };
}

interface Encoders {
  readonly enter?: Encoder;
  readonly update?: Encoder;
  readonly exit?: Encoder;
}

/** Channels that Vega reconciles with each other. */
const PLACES = [
  ['x', 'x2', 'xc', 'width'],
  ['y', 'y2', 'yc', 'height'],
];

/**
 * Nothing comes and goes before anybody's eyes: what leaves is not faded, and what comes is at once as it will stay. A channel that
 * is told for both is the latter's, of places when it is so for all of them.
 */
function settledAtOnce({ exit: _, ...encoders }: Encoders): Encoders {
  const { enter, update } = encoders;
  if (!enter || !update || /\bitem\b/.test(JSON.stringify(update))) return encoders;
  const { channels } = enter.$expr;
  const later = update.$expr.channels;
  const staying = Object.entries(channels).filter(([name]) => {
    const place = PLACES.find((names) => names.includes(name)) ?? [name];
    return !place.every((one) => one in later || !(one in channels));
  });
  return { ...encoders, enter: { ...enter, $expr: { ...enter.$expr, channels: Object.fromEntries(staying) } } };
}

const stayingOf = (operators: readonly Node[], { instead, wakes, merged }: Cuts): readonly Node[] =>
  operators.flatMap((node) => {
    const parent = wakes.get(node.id);
    return instead.has(node.id) ? [] : [{ ...node, ...merged.get(node.id), ...(parent && { parent }) }];
  });

function visit(value: unknown, visitor: (value: Readonly<Record<string, unknown>>) => void): void {
  if (Array.isArray(value)) for (const one of value) visit(one, visitor);
  else if (isObject(value)) {
    visitor(value);
    for (const one of Object.values(value)) visit(one, visitor);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

const isReference = (
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & Reference => '$ref' in value;
