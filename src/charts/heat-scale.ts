import type { ColorEntry } from './content.ts';
import type { ChartEnvironment } from './environment.ts';
import { mixColors } from './theme.ts';
import { isDark } from './theme-contrast.ts';
import type { Unit } from './units.ts';
import { valueTicks } from './value-axis.ts';

/** Amounts in a few steps of colour, each with its range in words: what is read back from paper. */
export interface HeatScale {
  readonly colors: readonly ColorEntry[];
  readonly stepOf: (value: number) => { readonly key: string; readonly ink: string };
}

/** Wide enough that the ticks give five or six ranges. */
const ROOM = 110;
const LIGHTEST = 0.5;

/** Round ranges over the values, from the theme's lightest colour to its darkest. */
export function heatScale(min: number, max: number, unit: Unit | null, env: ChartEnvironment): HeatScale {
  const { theme, locale } = env;
  const { values, labels } = valueTicks({ type: 'value', min, max, unit, locale }, ROOM);
  const steps = Math.max(1, values.length - 1);
  const { sequential } = theme;
  // Away from the very lightest, which paper does not tell from no value.
  const shade = (share: number): string => {
    const place = LIGHTEST + share * (sequential.length - 1 - LIGHTEST);
    const [low, high] = [sequential[Math.floor(place)], sequential[Math.ceil(place)]];
    return low && high ? mixColors(low, high, place % 1) : theme.sign.accent;
  };
  const colors = Array.from({ length: steps }, (_, index) => ({
    key: `s${index}`,
    color: shade(steps === 1 ? 1 : index / (steps - 1)),
    label: `${[labels[index] ?? ''].flat().join(' ')} – ${[labels[index + 1] ?? ''].flat().join(' ')}`,
  }));
  const inked = colors.map(({ key, color }) => ({ key, ink: isDark(color) ? theme.surface.page : theme.ink.strong }));
  return {
    colors,
    stepOf: (value) => {
      const over = values.findLastIndex((tick) => value >= tick);
      return inked[Math.max(0, Math.min(steps - 1, over))] ?? { key: 's0', ink: theme.ink.strong };
    },
  };
}
