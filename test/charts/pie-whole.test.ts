import { expect, it } from 'vitest';
import { chartFor, rowsIn, rowsOf, widgetOf } from './fixtures.ts';

it('a pie of 10 000 names is the whole of them: what has no slice of its own is in "Other"', () => {
  const values = Array.from({ length: 10_000 }, (_, at) => [`name ${at}`, (at % 50) + 1]);
  const content = chartFor(widgetOf('pie'), rowsOf('name value:number', values));
  const drawn = rowsIn(content).filter(({ v }) => typeof v === 'number');
  const total = values.reduce((sum, [, value]) => sum + Number(value), 0);
  expect(drawn.reduce((sum, { v }) => sum + Number(v), 0)).toBe(total);
});
