import type { WebReport } from '../scene/web-report.ts';
import type { HtmlColors } from './html-colors.ts';

/** Type for screens is set larger than on paper, by this many CSS pixels a point. */
const PIXELS_PER_POINT = 1.5;
const MILLIMETRES_PER_POINT = 25.4 / 72;

/** Families that readers are likely to have, for all the scripts that pages are printed in. */
const FAMILIES = [
  ...['Open Sans', 'Segoe UI', 'Noto Sans', 'Roboto', 'Helvetica Neue', 'Liberation Sans', 'Arial'],
  ...['Noto Sans SC', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei'],
];

/** The stylesheet of a document: one column on phones, dark where the reader's screen is, paper when it is printed. */
export function htmlStyle(report: WebReport, colors: HtmlColors): string {
  const { light, dark } = colors.declarations();
  const { width, height } = report.paper;
  const paper = [width, height].map((points) => `${Math.round(points * MILLIMETRES_PER_POINT * 10) / 10}mm`).join(' ');
  return [
    `:root{color-scheme:light dark;${light}}`,
    `@media screen and (prefers-color-scheme:dark){:root{${dark}}}`,
    textRules(report),
    LAYOUT,
    TABLES,
    `@page{size:${paper};margin:14mm 13mm}`,
    PRINT,
  ].join('\n');
}

function textRules({ theme, font }: WebReport): string {
  const { text } = theme;
  const size = (of: { readonly size: number }): string =>
    `${Math.round(((of.size * PIXELS_PER_POINT) / 16) * 1000) / 1000}rem`;
  const rule = (selector: string, of: keyof typeof text, ink: string): string =>
    `${selector}{font-size:${size(text[of])};font-weight:${text[of].weight};line-height:${text[of].lineHeight / text[of].size};color:var(--${ink})}`;
  const families = [...familiesOf(font), ...FAMILIES].map((family) => `"${family}"`);
  return [
    `body{font-family:${families.join(',')},system-ui,sans-serif}`,
    rule('body', 'body', 'ink-body'),
    rule('h1', 'title', 'ink-strong'),
    rule('.k-text h1,.k-text h2,.k-text>.head', 'heading', 'ink-strong'),
    rule('.head,.k-text h3', 'subheading', 'ink-strong'),
    rule('h4,h5,h6', 'strong', 'ink-strong'),
    rule('.part', 'heading', 'ink-strong'),
    rule('.subtitle', 'heading', 'ink-muted'),
    rule('.lead,.period', 'small', 'ink-muted'),
    rule('figcaption,caption,details,.band,.made', 'caption', 'ink-muted'),
    rule('.value', 'metric', 'ink-strong'),
    `.value{--most:${size(text.metric)}}.value.long{font-size:${size(text.subheading)}}`,
    rule('.k-metric>.head', 'small', 'ink-muted'),
    rule('td,tbody th,tfoot th', 'tableCell', 'ink-body'),
    rule('thead th', 'tableHeader', 'ink-muted'),
  ].join('\n');
}

/** The family a report asks for, as it was written and as a PostScript name is: `OpenSans-Bold` is of `Open Sans`. */
function familiesOf(font: string | null): string[] {
  const plain = (font ?? '')
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .slice(0, 80)
    .trim();
  const family = (plain.split('-')[0] ?? '').replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ');
  return [...new Set([family, plain])].filter((name) => name !== '');
}

const LAYOUT = `
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--surface-page);overflow-wrap:anywhere}
.page{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 2rem}
h1,h2,h3,h4,h5,h6,p,figure,ul,ol,pre,blockquote{margin:0}
a{color:var(--sign-accent);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--sign-accent);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--surface-page);padding:.25rem .5rem}
.band{display:flex;gap:1rem;align-items:center;flex-wrap:wrap}
.band img{max-height:2.75rem;max-width:14rem;object-fit:contain}.band img.fill{max-width:none;width:100%;height:4rem;max-height:none;object-fit:cover}
.band .s{flex:1 1 0}.band .c{text-align:center}.band .c img{margin:auto}.band .e{text-align:right}.band .e img{margin-left:auto}
header.band{padding-bottom:.6rem;margin-bottom:1.5rem;border-bottom:1px solid var(--rule-line)}
footer.band{padding-top:.6rem;margin-top:1.5rem;border-top:1px solid var(--rule-line)}
.title{margin:0 0 1.5rem}.title>*+*{margin-top:.35rem}.logo{max-height:5rem;max-width:20rem;object-fit:contain;margin-bottom:1rem}
.part{margin:1rem 0 .75rem}
.toc{margin:0 0 1.5rem;padding:.75rem 1rem;border:1px solid var(--surface-cardEdge);border-radius:6px}
.toc ol{list-style:none;margin:.5rem 0 0;padding:0;columns:16rem;column-gap:2rem}.toc li{break-inside:avoid;padding:.1rem 0}.toc .d2{padding-left:1rem}.toc .d3{padding-left:2rem}.toc .d4{padding-left:3rem}
.toc a{text-decoration:none}.toc a:hover{text-decoration:underline}
.toc summary{cursor:pointer;font-weight:600;color:var(--ink-strong)}
.sheet{display:grid;margin:0 -.5rem;container-type:inline-size}
.card{grid-column:var(--x) / span var(--w);grid-row:var(--y) / span var(--h);margin:0 .5rem 1rem;min-width:0;display:flex;flex-direction:column}
.framed{padding:1rem;background:var(--surface-card);border:1px solid var(--surface-cardEdge);border-radius:6px}
.head{margin-bottom:.35rem}.lead{margin-bottom:.6rem}.card>:last-child{margin-bottom:0}
.card figure{display:flex;flex-direction:column}
svg{display:block;width:100%;height:auto;overflow:visible;font-family:inherit;font-kerning:normal}
svg.narrow{display:none;max-width:30rem}
svg text{white-space:pre}
.card figure+details{margin-top:auto;padding-top:.5rem}figcaption{margin-top:.5rem}details summary{cursor:pointer}
.k-metric .body{display:flex;gap:1rem;align-items:flex-end;justify-content:space-between;min-height:3rem}.k-metric svg{max-width:40%;height:3rem;flex:none;width:14rem}
.value:not(.long){white-space:nowrap;font-size:clamp(.9rem,var(--wide),var(--most))}.change{font-weight:600}.good{color:var(--sign-good)}.bad{color:var(--sign-bad)}
.notice{flex:1;display:flex;flex-direction:column;justify-content:center;text-align:center;padding:1rem;background:var(--surface-stripe);border-radius:3px;color:var(--ink-muted)}
.notice.wrong{border-left:4px solid var(--sign-bad)}.notice strong{color:var(--ink-strong)}
.k-text>*+*{margin-top:.6rem}.k-text>:is(h1,h2,h3,h4,h5,h6):not(:first-child){margin-top:1.2rem}
.k-text :is(ul,ol){padding-left:1.4rem}.k-text li+li{margin-top:.2rem}.k-text li>*+*{margin-top:.3rem}
blockquote{border-left:3px solid var(--rule-line);padding-left:.9rem;color:var(--ink-muted)}blockquote>*+*{margin-top:.5rem}
code{font-family:ui-monospace,"Noto Sans Mono","Cascadia Mono",Menlo,Consolas,monospace;font-size:.92em}
pre{padding:.75rem 1rem;background:var(--surface-stripe);border-radius:4px;overflow-x:auto;overflow-wrap:normal}
hr{border:0;border-top:1px solid var(--rule-line);margin:1rem 0}
img{max-width:100%;height:auto;display:block}
.k-image img{align-self:flex-start;max-height:36rem;object-fit:contain}.k-image img.fill{align-self:stretch;width:100%;flex:1;object-fit:cover}
@media (max-width:45rem){
.page{padding:1rem .75rem}
.sheet{display:block;margin:0}.card{margin:0 0 .75rem}.framed{padding:.85rem}
svg.wide{display:none}svg.narrow{display:block}svg.both{max-width:30rem}
.k-metric svg{max-width:45%}.value:not(.long){font-size:clamp(.9rem,var(--narrow),var(--most))}
}`;

const TABLES = `
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{caption-side:bottom;text-align:left;padding-top:.5rem}
th,td{overflow-wrap:break-word;padding:.35rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule-grid)}
tbody th,tfoot th{font-weight:inherit}
thead th{background:var(--surface-headerRow);border-bottom-color:var(--rule-line);vertical-align:bottom}
.r{text-align:right}.m{text-align:center}.n{white-space:nowrap}
tr.g>th[rowspan],tr.g>th[scope=rowgroup]{font-weight:600}
tr.t>*{font-weight:600;color:var(--ink-strong);background:var(--surface-stripe)}tfoot tr.t>*{border-top:1px solid var(--rule-strong)}
.bar{background:linear-gradient(var(--sign-accent),var(--sign-accent)) no-repeat left bottom/var(--m) 3px}
.heat{background:color-mix(in srgb,var(--sign-accent) calc(var(--m)*.35),transparent)}
.line{white-space:nowrap}.line svg{float:left;width:6.5em;max-width:none;height:1.2em;margin-right:.7em;fill:var(--sign-accent);border-bottom:1px solid var(--rule-grid)}
tr:target>*,:target>.head{background:color-mix(in srgb,var(--sign-warn) 18%,transparent)}
th [role=button]{cursor:pointer;position:relative}
th [role=button]::after{content:"\\2195";content:"\\2195"/"";opacity:.35;position:absolute;margin-left:.15em}
th[aria-sort=ascending] [role=button]::after{content:"\\2191";content:"\\2191"/"";opacity:1}th[aria-sort=descending] [role=button]::after{content:"\\2193";content:"\\2193"/"";opacity:1}`;

const PRINT = `
@media print{
body{background:none}.page{max-width:none;padding:0}.skip,.card details,th [role=button]::after{display:none}
html{font-size:14px}
.sheet+.part,.sheet+.sheet{break-before:page}
.card:not(.flows){break-inside:avoid}
.head,h1,h2,h3,h4,h5,h6{break-after:avoid}p{orphans:2;widows:2}
.scroll{overflow:visible}thead{display:table-header-group}tfoot{display:table-row-group}tr,figure,img,svg,pre{break-inside:avoid}
a{color:inherit;text-decoration:none}
svg.wide,svg.both{display:block;max-width:none}svg.narrow{display:none}
.framed,thead th,.notice,tr.t>*,.bar,.heat{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}`;
