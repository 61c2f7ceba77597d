const NAME_LENGTH = 31;
const FORBIDDEN = /[\p{Cc}\ufffe\uffff[\]:*?/\\]/gu;

/**
 * Names for sheets, one for each that is asked for, as Excel takes them: at most 31 UTF-16 units, none of `[]:*?/\`, no
 * apostrophe at either end, not `History`, and no two alike whatever their letter case.
 */
export function createSheetNames(): (wish: string) => string {
  const taken = new Set(['history']);
  return (wish) => {
    const plain = tidy(wish);
    let name = cut(plain, NAME_LENGTH);
    for (let count = 2; taken.has(name.toLowerCase()); count += 1) {
      const suffix = ` (${count})`;
      name = `${cut(plain, NAME_LENGTH - suffix.length)}${suffix}`;
    }
    taken.add(name.toLowerCase());
    return name;
  };
}

function tidy(wish: string): string {
  const plain = wish.slice(0, 1_000).toWellFormed().replaceAll(FORBIDDEN, ' ').replaceAll(/\s+/g, ' ');
  return plain.replaceAll(/^[\s']+|[\s']+$/g, '') || 'Data';
}

/** Cut between characters, never inside a surrogate pair. */
function cut(text: string, length: number): string {
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length > length) break;
    kept += character;
  }
  return kept.replaceAll(/[\s']+$/g, '');
}
