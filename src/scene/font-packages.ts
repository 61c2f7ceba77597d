import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BODY_FAMILY, CODE_FAMILY, type FontFile } from './font-files.ts';

const packages = createRequire(import.meta.url);

const OPEN_SANS_WEIGHTS: readonly (readonly [number, string])[] = [
  [300, 'Light'],
  [400, 'Regular'],
  [500, 'Medium'],
  [600, 'SemiBold'],
  [700, 'Bold'],
  [800, 'ExtraBold'],
];

/** The twelve Open Sans files, by PostScript name: Latin, Cyrillic, Greek, Hebrew, Vietnamese. */
export function openSansFiles(): readonly FontFile[] {
  return OPEN_SANS_WEIGHTS.flatMap(([weight, word]) => {
    const file = (italic: boolean): FontFile => {
      const folder = `${weight}${word}${italic ? '_Italic' : ''}`;
      const style = italic ? `${word === 'Regular' ? '' : word}Italic` : word;
      return {
        name: `OpenSans-${style}`,
        family: BODY_FAMILY,
        weight,
        italic,
        get path() {
          return packages.resolve(`@expo-google-fonts/open-sans/${folder}/OpenSans_${folder}.ttf`);
        },
        plain: true,
      };
    };
    return [file(false), file(true)];
  });
}

export function codeFiles(): readonly FontFile[] {
  return [[400, 'Regular'] as const, [700, 'Bold'] as const].map(([weight, word]) => ({
    name: `NotoSansMono-${word}`,
    family: CODE_FAMILY,
    weight,
    italic: false,
    get path() {
      return packages.resolve(`@expo-google-fonts/noto-sans-mono/${weight}${word}/NotoSansMono_${weight}${word}.ttf`);
    },
    plain: true,
  }));
}

type Ranges = readonly (readonly [number, number])[];

/** A family that comes as one or many files, each for some ranges of code points. */
interface PackagedFamily {
  readonly family: string;
  /** Its package under `@fontsource/`, and the word its files begin with. */
  readonly package: string;
  readonly postScript: string;
  readonly weights: readonly number[];
  readonly italics: boolean;
  /** The one file to use and what for; null = as `unicode.json` of the package says. */
  readonly only: { readonly key: string; readonly ranges: Ranges } | null;
}

const ALL_WEIGHTS = [100, 200, 300, 400, 500, 600, 700, 800, 900];
/** What our themes set type in; the image of the service keeps no other files of these families. */
const KEPT_WEIGHTS = [400, 600, 700];

const family = (
  name: string,
  weights: readonly number[],
  only: PackagedFamily['only'] = null,
  italics = false,
): PackagedFamily => ({
  family: name,
  package: name.toLowerCase().replaceAll(' ', '-'),
  postScript: name.replaceAll(' ', ''),
  weights,
  italics,
  only,
});

const LATIN = family('Noto Sans', ALL_WEIGHTS, null, true);
const CHINESE = family('Noto Sans SC', KEPT_WEIGHTS);
const JAPANESE = family('Noto Sans JP', KEPT_WEIGHTS);
const KOREAN = family('Noto Sans KR', KEPT_WEIGHTS);
export const EMOJI_FAMILY = 'Noto Emoji';
const EMOJI = family(EMOJI_FAMILY, [400, 700], {
  key: 'emoji',
  ranges: [
    [0x23, 0x39],
    [0x20e3, 0x20e3],
    [0x203c, 0x3299],
    [0x1f000, 0x1faff],
  ],
});
const MATHEMATICS: Ranges = [
  [0x2070, 0x209f],
  [0x2100, 0x23ff],
  [0x27c0, 0x2bff],
  [0x1d400, 0x1d7ff],
  [0x1ee00, 0x1eeff],
];
const OTHERS: readonly PackagedFamily[] = [
  family('Noto Sans Arabic', KEPT_WEIGHTS),
  family('Noto Sans Thai', KEPT_WEIGHTS),
  family('Noto Sans Math', [400], { key: 'latin', ranges: MATHEMATICS }),
  family('Noto Sans Symbols', KEPT_WEIGHTS),
  family('Noto Sans Symbols 2', [400]),
  EMOJI,
  // Behind the others, for it has signs of theirs: it is there for Hangul.
  KOREAN,
];

/** Which of several faces with a character suits the text around it. */
export type Flavor = 'plain' | 'japanese' | 'emoji';

/** In order of preference: more of Latin first, then Han characters in the form of the text's language, then the rest. */
const ORDERS: Readonly<Record<Flavor, readonly PackagedFamily[]>> = {
  plain: [LATIN, CHINESE, JAPANESE, ...OTHERS],
  japanese: [LATIN, JAPANESE, CHINESE, ...OTHERS],
  emoji: [EMOJI, LATIN, CHINESE, JAPANESE, ...OTHERS],
};

/** The ranges of a family's files by the upper bits of their code points: a look-up passes few of them by. */
type Blocks = ReadonlyMap<number, readonly { readonly from: number; readonly to: number; readonly key: string }[]>;

const BLOCK_BITS = 8;

function blocksOf(subsets: readonly Subset[]): Blocks {
  const blocks = new Map<number, { from: number; to: number; key: string }[]>();
  for (const { key, ranges } of subsets) {
    for (const [from, to] of ranges) {
      for (let block = from >> BLOCK_BITS; block <= to >> BLOCK_BITS; block += 1) {
        const known = blocks.get(block) ?? [];
        blocks.set(block, known);
        known.push({ from, to, key });
      }
    }
  }
  return blocks;
}

interface Subset {
  readonly key: string;
  readonly ranges: Ranges;
}

/** Reads `unicode.json` of a package: `{"[4]": "U+1f1e9-1f1f5,U+1f21a", "latin": …}`. */
function readSubsets({ package: name, only }: PackagedFamily): readonly Subset[] {
  if (only !== null) return [only];
  const path = packages.resolve(`@fontsource/${name}/unicode.json`);
  const table = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  return Object.entries(table).map(([key, ranges]) => ({
    key: key.replace(/[[\]]/g, ''),
    ranges: ranges.split(',').map((range) => {
      const [from = '', to = from] = range.trim().replace(/^U\+/i, '').split('-');
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
    }),
  }));
}

export type PackagedLookup = (codePoint: number, weight: number, italic: boolean, flavor: Flavor) => Iterable<FontFile>;

/** Finds the packaged files that may hold a code point, best first; a family's table is read when it is its turn. */
export function createPackagedLookup(): PackagedLookup {
  const known = new Map<PackagedFamily, Blocks>();
  return function* lookUp(codePoint, weight, italic, flavor) {
    for (const candidate of ORDERS[flavor]) {
      const blocks = known.get(candidate) ?? blocksOf(readSubsets(candidate));
      known.set(candidate, blocks);
      const step = nearestWeight(candidate.weights, weight);
      for (const { from, to, key } of blocks.get(codePoint >> BLOCK_BITS) ?? []) {
        if (codePoint >= from && codePoint <= to) yield packagedFile(candidate, key, step, italic && candidate.italics);
      }
    }
  };
}

const nearestWeight = (weights: readonly number[], weight: number): number =>
  weights.reduce((best, each) => (Math.abs(each - weight) < Math.abs(best - weight) ? each : best));

function packagedFile(of: PackagedFamily, key: string, weight: number, italic: boolean): FontFile {
  const slant = italic ? 'italic' : 'normal';
  return {
    name: `${of.postScript}-${weight}${italic ? 'Italic' : ''}-${key}`,
    family: of.family,
    weight,
    italic,
    path: packages.resolve(`@fontsource/${of.package}/files/${of.package}-${key}-${weight}-${slant}.woff`),
    plain: true,
  };
}
