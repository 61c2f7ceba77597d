/** Red, green, blue and opacity, each 0 to 1. */
export type Rgba = readonly [number, number, number, number];

const NAMED: Readonly<Record<string, string>> = {
  black: '#000000',
  white: '#ffffff',
  gray: '#808080',
  grey: '#808080',
  lightgray: '#d3d3d3',
  lightgrey: '#d3d3d3',
  red: '#ff0000',
  green: '#008000',
  blue: '#0000ff',
  orange: '#ffa500',
  steelblue: '#4682b4',
};
const TRANSPARENT: Rgba = [0, 0, 0, 0];
const MAX_KNOWN = 4096;

const known = new Map<string, Rgba>();

/** Reads a CSS colour: `#rgb[a]`, `#rrggbb[aa]`, `rgb[a](…)`, `hsl[a](…)` and the few names that charts use; else black. */
export function parseColor(text: string): Rgba {
  let color = known.get(text);
  if (!color) {
    color = readColor(text.trim().toLowerCase());
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(text, color);
  }
  return color;
}

function readColor(text: string): Rgba {
  if (text === 'transparent' || text === 'none' || text === '') return TRANSPARENT;
  if (text.startsWith('#')) return readHex(text.slice(1));
  const call = /^(rgb|hsl)a?\(([^)]*)\)$/.exec(text);
  if (!call) return readHex((NAMED[text] ?? '#000000').slice(1));
  const parts = (call[2] ?? '').split(/[\s,/]+/).filter(Boolean);
  const [a = '0', b = '0', c = '0', alpha = '1'] = parts;
  const opacity = clamp(amount(alpha, 1));
  if (call[1] === 'rgb') return [clamp(amount(a, 255)), clamp(amount(b, 255)), clamp(amount(c, 255)), opacity];
  return [...fromHsl(Number.parseFloat(a), clamp(amount(b, 100)), clamp(amount(c, 100))), opacity];
}

function readHex(digits: string): Rgba {
  const wide = digits.length <= 4 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const channel = (at: number): number => Number.parseInt(wide.slice(at, at + 2), 16) / 255;
  const [red, green, blue] = [channel(0), channel(2), channel(4)];
  if (!Number.isFinite(red + green + blue)) return [0, 0, 0, 1];
  return [red, green, blue, wide.length >= 8 ? channel(6) : 1];
}

const amount = (text: string, whole: number): number => Number.parseFloat(text) / (text.endsWith('%') ? 100 : whole);

const clamp = (value: number): number => (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0);

function fromHsl(hue: number, saturation: number, lightness: number): [number, number, number] {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number): number => {
    const k = (offset + (Number.isFinite(hue) ? hue : 0) / 30) % 12;
    return lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [channel(0), channel(8), channel(4)];
}
