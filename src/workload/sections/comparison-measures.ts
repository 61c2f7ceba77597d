import type { Locale } from '../../definition/definition.ts';
import { type Block, tableBlock } from '../block.ts';
import { comparedMeasures } from '../compare-measures.ts';
import type { WorkloadFacts } from '../facts.ts';
import { figure, signed } from '../figures.ts';

const COLUMNS = {
  en: {
    ...{ measure: 'Measure', before: 'Before, per s', after: 'Now, per s', change: 'Change', ratio: 'Now ÷ before' },
    ...{ beforeTransaction: 'Before, per tx', afterTransaction: 'Now, per tx' },
  },
  ru: {
    ...{
      measure: 'Показатель',
      before: 'Раньше, в с',
      after: 'Сейчас, в с',
      change: 'Разница',
      ratio: 'Во сколько раз',
    },
    ...{ beforeTransaction: 'Раньше, на тр.', afterTransaction: 'Сейчас, на тр.' },
  },
  zh: {
    ...{ measure: '指标', before: '之前每秒', after: '现在每秒', change: '变化', ratio: '现在÷之前' },
    ...{ beforeTransaction: '之前每事务', afterTransaction: '现在每事务' },
  },
} as const satisfies Record<Locale, unknown>;

/** What both ranges counted, per second and per transaction, side by side. */
export function measureTable(facts: WorkloadFacts): Block {
  const columns = COLUMNS[facts.locale];
  const figures = ['before', 'after', 'change', 'ratio', 'beforeTransaction', 'afterTransaction'] as const;
  const print = (value: number | null): string => figure(value, facts.locale);
  return tableBlock(
    { id: 'comparison-measures', heading: null },
    [
      { key: 'measure', label: columns.measure, type: 'text' },
      ...figures.map((key) => ({ key, label: columns[key], type: 'text' as const, align: 'right' as const })),
    ],
    comparedMeasures(facts).map((row) => [
      row.label,
      ...figures.map((key) => (key === 'change' ? signed(row[key], print) : print(row[key]))),
    ]),
    { sortable: false },
  );
}
