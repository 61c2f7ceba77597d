/** Font files as they come in the world, made of others' bytes. */

interface Table {
  readonly tag: string;
  /** Where its entry stands in the directory. */
  readonly entry: number;
  readonly offset: number;
  readonly length: number;
}

function tablesOf(font: Buffer): readonly Table[] {
  return Array.from({ length: font.readUInt16BE(4) }, (_, index) => {
    const entry = 12 + index * 16;
    const tag = font.toString('latin1', entry, entry + 4);
    return { tag, entry, offset: font.readUInt32BE(entry + 8), length: font.readUInt32BE(entry + 12) };
  });
}

function tableOf(font: Buffer, tag: string): Table {
  const table = tablesOf(font).find((one) => one.tag === tag);
  if (table === undefined) throw new Error(`the font has no table ${tag}`);
  return table;
}

/** A collection (`ttcf`, OpenType 1.9) of fonts, each with all its tables. */
export function collectionOf(fonts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(12 + fonts.length * 4);
  header.write('ttcf', 0, 'latin1');
  header.writeUInt32BE(0x00010000, 4);
  header.writeUInt32BE(fonts.length, 8);
  let start = header.length;
  const parts = fonts.map((font, index) => {
    header.writeUInt32BE(start, 12 + index * 4);
    const moved = Buffer.concat([font, Buffer.alloc((4 - (font.length % 4)) % 4)]);
    for (const { entry, offset } of tablesOf(font)) moved.writeUInt32BE(offset + start, entry + 8);
    start += moved.length;
    return moved;
  });
  return Buffer.concat([header, ...parts]);
}

/** The font with other bits of what its licence allows: 2 = no embedding, 0x100 = only whole, 0x200 = pictures only. */
export function withPermissions(font: Buffer, fsType: number): Buffer {
  const own = Buffer.from(font);
  own.writeUInt16BE(fsType, tableOf(font, 'OS/2').offset + 8);
  return own;
}

/** The font with a table of nothing but ones. */
export function withDamaged(font: Buffer, tag: string): Buffer {
  const { offset, length } = tableOf(font, tag);
  return Buffer.from(font).fill(0xff, offset, offset + length);
}

/** The font with another weight, 100 to 900. */
export function withWeight(font: Buffer, weight: number): Buffer {
  const own = Buffer.from(font);
  own.writeUInt16BE(weight, tableOf(font, 'OS/2').offset + 4);
  return own;
}
