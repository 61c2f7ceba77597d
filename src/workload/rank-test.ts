/** Above so many values in all, the distribution is taken for a normal one. */
const MOST_EXACT = 40;

/**
 * The chance that values like these would lie so much higher in `after` than in `before`, or higher still, if both were of
 * one kind: the one-sided p of the Mann-Whitney U test. It asks only which values are larger, so that one wild value weighs
 * no more than any other. 1 for an empty side.
 * @param mostExact above so many values in all the normal approximation is taken.
 *
 * Up to `mostExact` values it is exact, ties included: of all ways to choose as many of the pooled values, the part whose ranks sum up
 * to as much or more (Mann and Whitney, Ann. Math. Stat. 18, 1947; counted by rank sums as by Streitberg and Röhmel, 1986).
 * Beyond, the normal approximation with corrections for ties and continuity (Lehmann, Nonparametrics, 1975, §1.2 and §1.4).
 */
export function rankTest(before: readonly number[], after: readonly number[], mostExact = MOST_EXACT): number {
  if (before.length === 0 || after.length === 0) return 1;
  const ranks = doubledRanks([...before, ...after]);
  const observed = ranks.slice(before.length).reduce((sum, rank) => sum + rank, 0);
  return ranks.length <= mostExact
    ? exactChance(ranks, after.length, observed)
    : normalChance(ranks, after.length, observed);
}

/** Ranks from 1, equal values sharing the mean of theirs; times two, so that all are whole. */
function doubledRanks(values: readonly number[]): readonly number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && order[to]?.value === order[from]?.value) to += 1;
    for (const { index } of order.slice(from, to)) ranks[index] = from + 1 + to;
    from = to;
  }
  return ranks;
}

/** Of all choices of `chosen` ranks, the part that sums up to `least` or more. */
function exactChance(ranks: readonly number[], chosen: number, least: number): number {
  const most = ranks.reduce((sum, rank) => sum + rank, 0);
  // ways[count][sum]: choices of so many of the ranks so far that sum up to it.
  const ways = Array.from({ length: chosen + 1 }, () => new Float64Array(most + 1));
  const none = ways[0];
  if (none !== undefined) none[0] = 1;
  for (const rank of ranks) {
    for (let count = chosen; count > 0; count -= 1) {
      const [own, fewer] = [ways[count], ways[count - 1]];
      if (own === undefined || fewer === undefined) continue;
      for (let sum = most; sum >= rank; sum -= 1) own[sum] = (own[sum] ?? 0) + (fewer[sum - rank] ?? 0);
    }
  }
  const all = ways[chosen] ?? new Float64Array();
  const total = all.reduce((sum, one) => sum + one, 0);
  return all.subarray(least).reduce((sum, one) => sum + one, 0) / total;
}

function normalChance(ranks: readonly number[], chosen: number, observed: number): number {
  const [size, other] = [ranks.length, ranks.length - chosen];
  const mean = (chosen * (size + 1)) / 2;
  const ties = [...Map.groupBy(ranks, (rank) => rank).values()].reduce(
    (sum, { length }) => sum + length ** 3 - length,
    0,
  );
  const variance = ((chosen * other) / 12) * (size + 1 - ties / (size * (size - 1)));
  if (variance <= 0) return 1;
  return upperTail((observed / 2 - mean - 0.5) / Math.sqrt(variance));
}

/** The part of the normal distribution above `z`, to 10⁻⁷ (Abramowitz and Stegun 26.2.17). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const sum = ((((1.330274429 * t - 1.821255978) * t + 1.781477937) * t - 0.356563782) * t + 0.31938153) * t;
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
  return z >= 0 ? tail : 1 - tail;
}
