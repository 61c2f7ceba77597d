/** The lines of a statement that a major version has (`--[14+]`, `--[-16]`, `--[14-17]` at a line's end). */
export function forMajor(text: string, major: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const marked = /^(.*?)\s*--\[(\d*)([-+])(\d*)\]$/.exec(line);
      if (!marked) return [line];
      const [, kept = '', from, sign, to] = marked;
      const isWithin = major >= Number(from || 0) && (sign === '+' || to === '' || major <= Number(to));
      return isWithin ? [kept] : [];
    })
    .join('\n');
}
