/** About how wide a text will be in points: for choosing a layout before anything is measured. */
export function estimateWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text) ems += (character.codePointAt(0) ?? 0) >= 0x2e80 ? 1 : 0.54;
  return ems * size;
}
