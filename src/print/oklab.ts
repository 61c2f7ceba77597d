/** Red, green and blue, each 0 to 1, as a screen takes them. */
export type Rgb = readonly [number, number, number];

const linear = (part: number): number => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const encoded = (part: number): number => (part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055);

/** Relative luminance (WCAG 2.2). */
export const luminance = ([red, green, blue]: Rgb): number =>
  0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

/** Lightness and the two colour axes of Oklab (Björn Ottosson 2020). */
function toOklab([red, green, blue]: Rgb): Rgb {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Rgb): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** The same hue with another lightness, 0 to 1, as colourful as a screen can show it. */
export function withLightness(color: Rgb, lightness: number): Rgb {
  const [, a, b] = toOklab(color);
  const isShown = (rgb: Rgb): boolean => rgb.every((part) => part >= -0.001 && part <= 1.001);
  for (let chroma = 1; chroma > 0; chroma -= 0.05) {
    const found = fromOklab([lightness, a * chroma, b * chroma]);
    if (isShown(found)) return found.map((part) => Math.min(1, Math.max(0, part))) as unknown as Rgb;
  }
  const grey = Math.min(1, Math.max(0, encoded(lightness ** 3)));
  return [grey, grey, grey];
}

/** As Oklab sees it, 0 to 1. */
export const lightnessOf = (color: Rgb): number => toOklab(color)[0];

const LEAST_STEPS = 3;
const MOST_TURN = 0.9;
const GREY = 0.02;

/** Whether colours (`#rrggbb`) are steps of one hue from light to dark: three at least, none of another hue. */
export function isRamp(colors: readonly string[]): boolean {
  const hues = colors.flatMap((color) => {
    const channels = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
    const [, a, b] = toOklab(channels as unknown as Rgb);
    return Math.hypot(a, b) < GREY ? [] : [Math.atan2(b, a)];
  });
  const [first = 0] = hues;
  const turned = hues.map((hue) => Math.abs(Math.atan2(Math.sin(hue - first), Math.cos(hue - first))));
  return hues.length >= LEAST_STEPS && Math.max(...turned) < MOST_TURN;
}
