import { describe, expect, it } from 'vitest';
import { diffManifests } from '../../../src/operations/manifests/diff-manifests.ts';
import { type ManifestRead, manifestSchema } from '../../../src/operations/manifests/schemas.ts';
import { print, rowsOf, type TestReport } from '../../print/printing.ts';

const REPORT: TestReport = {
  widgets: [
    { id: 'orders', kind: 'table', name: 'Orders', sql: 'orders' },
    { id: 'note', kind: 'text', settings: { text: 'hello' } },
  ],
  answers: { orders: rowsOf('city n:number', [['Oslo', 1]]), other: rowsOf('city n:number', [['Oslo', 1]]) },
};

async function manifestOf(report: TestReport): Promise<ManifestRead> {
  const { manifest } = await print(report);
  return manifestSchema.parse(JSON.parse(JSON.stringify(manifest)));
}

const withRows = (values: [string, number][]): TestReport => ({
  ...REPORT,
  answers: { ...REPORT.answers, orders: rowsOf('city n:number', values) },
});

describe('what two documents were made from', () => {
  it('is the same for two printings of the same', async () => {
    expect(diffManifests(await manifestOf(REPORT), await manifestOf(REPORT))).toEqual([]);
  });

  it('the same query with as many but other rows is other data', async () => {
    const [difference, ...more] = diffManifests(await manifestOf(REPORT), await manifestOf(withRows([['Oslo', 2]])));
    expect(difference).toMatchObject({
      path: 'widgets[Orders].series[Orders].rows',
      kind: 'other data',
      a: { rows: 1 },
      b: { rows: 1 },
    });
    expect(more).toEqual([]);
  });

  it('another query with the same rows is another query, and no other data', async () => {
    const other = {
      ...REPORT,
      widgets: [{ ...REPORT.widgets[0], id: 'orders', kind: 'table', sql: 'other' }, ...REPORT.widgets.slice(1)],
    };
    const found = diffManifests(await manifestOf(REPORT), await manifestOf(other));
    expect(found.map(({ kind }) => kind)).toContain('other query');
    expect(found.map(({ kind }) => kind)).not.toContain('other data');
    expect(found.map(({ path }) => path)).toContain('report.definition_sha256');
  });

  it('a changed text, locale, instant and paper are told, each by its name', async () => {
    const text = {
      ...REPORT,
      widgets: [...REPORT.widgets.slice(0, 1), { id: 'note', kind: 'text', settings: { text: 'bye' } }],
    };
    const at = new Date('2026-05-04T04:30:00Z');
    const found = diffManifests(await manifestOf(REPORT), await manifestOf({ ...text, locale: 'ru', at }));
    expect(found.map(({ path }) => path)).toEqual([
      'report.definition_sha256',
      'made_for',
      'locale',
      'period.from',
      'period.to',
      'widgets[Orders].period.from',
      'widgets[Orders].period.to',
      'widgets[note].definition_sha256',
    ]);
  });

  it('a widget that one of them lacks is told', async () => {
    const found = diffManifests(
      await manifestOf(REPORT),
      await manifestOf({ ...REPORT, widgets: REPORT.widgets.slice(0, 1) }),
    );
    expect(found).toContainEqual({ path: 'widgets[note]', kind: 'only in the first' });
  });

  it('the same manifest with its widgets in any order of keys has the same hashes', async () => {
    const settings = { text: 'hello', b: 1, a: { d: 1, c: 2 } };
    const turned = { a: { c: 2, d: 1 }, b: 1, text: 'hello' };
    const of = (note: Record<string, unknown>) =>
      manifestOf({ ...REPORT, widgets: [{ id: 'note', kind: 'text', settings: note }] });
    expect(diffManifests(await of(settings), await of(turned))).toEqual([]);
  });
});
