import type { ChartPlan } from '../charts/content.ts';
import { signalsOf } from '../charts/signals.ts';
import type { Theme } from '../charts/theme.ts';
import type { ChartScene, ChartStudio } from './chart-view.ts';
import type { FontRegistry } from './fonts.ts';

/** Lays a planned chart out in a box of this size in points. The scene must be released after it was drawn. */
export function layOutChart(
  studio: ChartStudio,
  fonts: FontRegistry,
  plan: ChartPlan,
  width: number,
  height: number,
  style: { readonly theme: Theme; readonly font: string | null },
): ChartScene {
  const chosen = plan.narrow && width < plan.narrow.below ? plan.narrow.plan : plan;
  const { size, weight } = style.theme.text.chartLabel;
  const face = fonts.face({ family: style.font, weight });
  const sized = signalsOf(chosen, width, height, (text) => fonts.width(text, face, size));
  return studio.prepare({ spec: chosen.spec, rows: chosen.rows, width, height, ...sized });
}
