import { describe, expect, it } from 'vitest';
import { paletteNames } from '../../src/charts/palettes.ts';
import { seriesColor, type Theme, themeOf } from '../../src/charts/theme.ts';
import { contrastOnWhite, lightnessOf } from '../../src/charts/theme-contrast.ts';

type Triple = readonly [number, number, number];

/** Severity 1 of Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency (2009). */
const DEFICIENCIES: Readonly<Record<string, readonly Triple[]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (color: string): Triple => {
  const channel = (at: number): number => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
};

const dot = (row: Triple, [r, g, b]: Triple): number => Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b));

const seenBy = (rows: readonly Triple[], color: Triple): Triple => {
  const [r, g, b] = rows.map((row) => dot(row, color));
  return [r ?? 0, g ?? 0, b ?? 0];
};

const lab = (color: Triple): Triple => {
  const curve = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const [x, y, z] = [
    curve(dot([0.4124, 0.3576, 0.1805], color) / 0.95047),
    curve(dot([0.2126, 0.7152, 0.0722], color)),
    curve(((rgb) => 0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2])(color) / 1.08883),
  ];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
};

const pairs = <T>(items: readonly T[]): (readonly [T, T])[] =>
  items.flatMap((first, at) => items.slice(at + 1).map((second) => [first, second] as const));

describe('the default palette', () => {
  const first = themeOf(null).palette.slice(0, 5).map(linear);

  for (const [name, rows] of Object.entries(DEFICIENCIES)) {
    it(`keeps its first five colours apart under ${name}`, () => {
      for (const [one, other] of pairs(first.map((color) => lab(seenBy(rows, color))))) {
        expect(Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2])).toBeGreaterThan(20);
      }
    });
  }

  for (const name of ['light', 'print']) {
    it(`keeps its first five colours apart in greyscale on the ${name} design`, () => {
      const grey = themeOf(name)
        .palette.slice(0, 5)
        .map((color) => lab(linear(color))[0]);
      for (const [one, other] of pairs(grey)) expect(Math.abs(one - other)).toBeGreaterThan(8);
    });
  }
});

/** Contrast of two colours (WCAG 2.2, 1.4.3). */
const contrast = (one: string, other: string): number => {
  const luminance = (color: string): number => dot([0.2126, 0.7152, 0.0722], linear(color));
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

describe.each(['light', 'print'])('the design %s', (name) => {
  const theme: Theme = themeOf(name);

  it('writes nothing fainter than 4.5 : 1 on any of its surfaces', () => {
    const inks = [
      ...Object.values(theme.text).map(({ color }) => color),
      theme.sign.accent,
      theme.sign.bad,
      theme.sign.good,
    ];
    for (const ink of inks) {
      for (const surface of [theme.surface.page, theme.surface.card, theme.surface.stripe, theme.surface.headerRow])
        expect(contrast(ink, surface)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('takes the colours of every palette and changes nothing else', () => {
    for (const palette of paletteNames) {
      const { palette: colors, ...rest } = themeOf(name, palette);
      const { palette: own, ...design } = theme;
      expect(rest).toEqual(design);
      expect(colors.length).toBeGreaterThanOrEqual(6);
    }
    expect(themeOf(name, 'nothing')).toBe(theme);
  });
});

describe('the print design', () => {
  it('fills nothing, and has a dash or a dot for seven lines', () => {
    const { surface, dashes } = themeOf('print');
    expect([surface.card, surface.stripe, surface.headerRow]).toEqual(Array(3).fill(surface.page));
    expect(new Set(dashes.map((dash) => dash.join())).size).toBe(7);
  });
});

/** What is drawn of a chart on each design, with each palette: 24 series, "Other", and what is not counted as a series. */
const MATRIX = ['light', 'print'].flatMap((design) => paletteNames.map((palette) => [design, palette] as const));

describe.each(MATRIX)('charts on the design %s with the palette %s', (design, palette) => {
  const theme = themeOf(design, palette);
  const series = Array.from({ length: 24 }, (_, index) => seriesColor(theme, index));
  const paleOf = (colors: readonly string[]): string[] => colors.filter((color) => contrast(color, '#ffffff') < 3);

  it('are seen on white, 3 : 1 (WCAG 2.2, 1.4.11), unless their colours are those of a given palette', () => {
    const pale = paleOf([...series, theme.sign.neutral, theme.sign.accent, theme.sign.bad, theme.sign.warn]);
    if (design === 'print') expect(pale).toEqual([]);
    // On screens these keep the colours they are known by; the guide says which design to take instead.
    else if (palette !== 'print') expect(paleOf(theme.palette).length).toBeGreaterThan(0);
    else expect(paleOf(theme.palette)).toEqual([]);
  });

  it('have lines that no grey copy confuses', () => {
    if (design !== 'print') return;
    const grey = series.map((color, index) => ({ l: lab(linear(color))[0], dash: index % theme.dashes.length }));
    for (const [one, other] of pairs(grey))
      if (one.dash === other.dash) expect(Math.abs(one.l - other.l)).toBeGreaterThan(2);
    const areas = grey.slice(0, 8);
    for (const [one, other] of pairs(areas)) expect(Math.abs(one.l - other.l)).toBeGreaterThan(4);
    for (const [one, other] of pairs(areas.slice(0, 5))) expect(Math.abs(one.l - other.l)).toBeGreaterThan(10);
    for (const { l } of areas) expect(Math.abs(l - lab(linear(theme.sign.neutral))[0])).toBeGreaterThan(5);
  });
});

describe('the contrast of a colour', () => {
  it('is that of the standard', () => {
    for (const color of ['#000000', '#777777', '#949494', '#e8954a', '#ffffff'])
      expect(contrastOnWhite(color)).toBeCloseTo(contrast(color, '#ffffff'), 2);
    expect(lightnessOf('#777777')).toBeCloseTo(lab(linear('#777777'))[0], 1);
  });
});

describe('themeOf', () => {
  it("knows the seed's names and gives the default for any other", () => {
    expect(paletteNames).toEqual(
      expect.arrayContaining(['walden', 'essos', 'infographic', 'shine', 'macarons', 'roma']),
    );
    expect(themeOf('Macarons').palette[0]).toBe('#2ec7c9');
    expect(themeOf('print', 'Macarons').card).toBe('rule');
    for (const light of ['light', 'broadsheet', ' Light ']) expect(themeOf(light)).toBe(themeOf(null));
    for (const name of ['string', '', '__proto__', null, undefined]) expect(themeOf(name)).toBe(themeOf(null));
  });

  it('has a colour for every series, also beyond the palette', () => {
    const colors = Array.from({ length: 24 }, (_, index) => seriesColor(themeOf(null), index));
    expect(new Set(colors).size).toBe(24);
    for (const color of colors) expect(color).toMatch(/^#[0-9a-f]{6}$/);
  });
});
