import { createHash } from 'node:crypto';

/**
 * Makes every table that asks for it sortable: a button in each column heading, `aria-sort`, numbers by their value
 * (`data-v` of the cell), texts in the order of the document's language, totals stay at the foot. Nothing is lost where
 * it does not run: the buttons are made by it. They are no `button` elements, which browsers leave out of the headings
 * that they repeat on printed pages.
 */
export const SORT_SCRIPT = `(() => {
for (const table of document.querySelectorAll('table[data-sortable]')) {
const body = table.tBodies[0];
const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
const order = new Intl.Collator(document.documentElement.lang, { numeric: true });
const valueOf = (row, at) => { const cell = row.cells[at]; return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v); };
heads.forEach((head, at) => {
const button = document.createElement('span');
button.tabIndex = 0;
button.setAttribute('role', 'button');
button.append(...head.childNodes);
head.append(button);
const sort = () => {
const up = head.getAttribute('aria-sort') !== 'ascending';
for (const other of heads) other.removeAttribute('aria-sort');
head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
const rows = [...body.rows].map((row) => [row, valueOf(row, at)]);
rows.sort(([, a], [, b]) => {
if (a === b) return 0;
if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
const less = typeof a === 'number' ? a - b : order.compare(a, b);
return up ? less : -less;
});
body.append(...rows.map(([row]) => row));
};
button.addEventListener('click', sort);
button.addEventListener('keydown', (event) => {
if (event.key !== 'Enter' && event.key !== ' ') return;
event.preventDefault();
sort();
});
});
}
})();`;

const hash = createHash('sha256').update(SORT_SCRIPT).digest('base64');

/**
 * What an HTML document may do, as a Content-Security-Policy: nothing but its own styles, pictures in itself and the one
 * script above, known by its hash. Whoever serves one sends this with it, and the document itself says the same.
 */
export const HTML_POLICY = `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'`;
