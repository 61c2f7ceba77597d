import { expect, it } from 'vitest';
import { chartFor, rowsIn, rowsOf, widgetOf } from './fixtures.ts';

it('a pie of 10 000 names is the whole of them: what has no slice of its own is in "Other"', () => {
  const values = Array.from({ length: 10_000 }, (_, at) => [`name ${at}`, (at % 50) + 1]);
  const content = chartFor(widgetOf('pie'), rowsOf('name value:number', values));
  expect(rowsIn(content).find(({ out }) => out === 0)?.label).toBe('255K');
  expect(content.alt).toMatch(/^Pie chart, 8 slices: name 49 50 \(<0\.1%\).* Other 255K \(100%\)$/);
});
