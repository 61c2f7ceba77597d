/** Relative luminance of a colour `#rrggbb` (WCAG 2.2). */
function luminance(color: string): number {
  const channel = (at: number): number => (Number.parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2;
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** Whether white text reads better on a colour `#rrggbb` than dark text. */
export const isDark = (color: string): boolean => luminance(color) < 0.3;

/** Contrast of a colour `#rrggbb` with white, from 1 to 21 (WCAG 2.2). */
export const contrastOnWhite = (color: string): number => 1.05 / (luminance(color) + 0.05);
