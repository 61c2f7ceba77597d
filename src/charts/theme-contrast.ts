/** Whether white text reads better on a colour `#rrggbb` than dark text, by relative luminance (WCAG 2.2). */
export function isDark(color: string): boolean {
  const channel = (at: number): number => (Number.parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2;
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5) < 0.3;
}
