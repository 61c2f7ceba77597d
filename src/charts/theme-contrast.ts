/** Relative luminance of a colour `#rrggbb`, 0 to 1 (WCAG 2.2). */
function luminance(color: string): number {
  const channel = (at: number): number => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** Where white and the designs' ink are equally far from a ground: 4 : 1. */
const EVEN_LUMINANCE = 0.21;

/** Whether white text reads better on a colour `#rrggbb` than dark text. */
export const isDark = (color: string): boolean => luminance(color) < EVEN_LUMINANCE;

/** Contrast of a colour `#rrggbb` with white, from 1 to 21 (WCAG 2.2). */
export const contrastOnWhite = (color: string): number => 1.05 / (luminance(color) + 0.05);

/** Lightness L* of a colour `#rrggbb` as it is seen in grey, 0 to 100 (CIE 1976). */
export function lightnessOf(color: string): number {
  const y = luminance(color);
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (y * 24389) / 27;
}
