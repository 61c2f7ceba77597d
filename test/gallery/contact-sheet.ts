interface Shown {
  readonly name: string;
  readonly shows: string;
  readonly pages: number;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A page that shows the first sheet of every PDF beside it: `NAME.png` links to `NAME.pdf`, and `NAME.html`
 * is the same report for a screen. */
export function contactSheet(shown: readonly Shown[]): string {
  const figures = shown.map(
    ({
      name,
      shows,
      pages,
    }) => `<figure id="${name}"><a href="${name}.pdf"><img src="${name}.png" alt="${escaped(shows)}"></a>
<figcaption><b>${name}</b> · ${pages} ${pages === 1 ? 'page' : 'pages'} · <a href="${name}.html">HTML</a><br>${escaped(shows)}</figcaption></figure>`,
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Broadsheet: the gallery</title>
<style>
body { margin: 2rem; background: #e9ebee; color: #1c2430; font: 15px/1.4 "Open Sans", sans-serif }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 2rem }
figure { margin: 0 } img { width: 100%; background: #fff; box-shadow: 0 1px 5px #0003 } figcaption { margin-top: .5rem }
</style>
<h1>The gallery: ${shown.length} documents</h1>
<main>
${figures.join('\n')}
</main>
</html>
`;
}
