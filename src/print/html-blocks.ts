import type { WebText } from '../scene/web-body.ts';
import { directionOf, escapeText, hrefOf } from './html-text.ts';

type Block = WebText['blocks'][number];
type Inline = Extract<Block, { type: 'paragraph' }>['content'][number];

const MARKS = { strong: 'strong', emphasis: 'em', deleted: 'del' } as const;
const ALIGNS = { left: '', right: ' class="r"', center: ' class="m"' } as const;

/** Blocks of text as HTML. */
export function htmlBlocks(blocks: readonly Block[], idAttribute: (name: string | null) => string): string {
  const write = (block: Block): string => {
    switch (block.type) {
      case 'paragraph':
        return paragraph(inlines(block.content));
      case 'heading':
        return `<h${block.level}${idAttribute(block.anchor)}${directionOf(block.title)}>${inlines(block.content)}</h${block.level}>`;
      case 'list': {
        const items = block.items.map((item) => `<li>${item.map(write).join('')}</li>`).join('');
        if (block.start === null) return `<ul>${items}</ul>`;
        return `<ol${block.start === 1 ? '' : ` start="${Math.trunc(block.start)}"`}>${items}</ol>`;
      }
      case 'quote':
        return `<blockquote>${block.blocks.map(write).join('')}</blockquote>`;
      case 'code':
        return `<pre><code>${escapeText(block.text)}</code></pre>`;
      case 'rule':
        return '<hr>';
      case 'table':
        return tableOf(block);
    }
  };
  return blocks.map(write).join('');
}

const paragraph = (inside: string): string => `<p${directionOf(inside)}>${inside}</p>`;

function tableOf({ columns, rows }: Extract<Block, { type: 'table' }>): string {
  const head = columns.map(({ align, content }) => `<th scope="col"${ALIGNS[align]}>${inlines(content)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, at) => `<td${ALIGNS[columns[at]?.align ?? 'left']}>${inlines(cell)}</td>`);
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

const inlines = (content: readonly Inline[]): string => content.map(inlineOf).join('');

function inlineOf(inline: Inline): string {
  switch (inline.type) {
    case 'text':
      return escapeText(inline.text);
    case 'code':
      return `<code>${escapeText(inline.text)}</code>`;
    case 'break':
      return '<br>';
    case 'link': {
      const href = hrefOf(inline.target);
      const inside = inlines(inline.content);
      return href === null ? inside : `<a href="${href}">${inside}</a>`;
    }
    case 'strong':
    case 'emphasis':
    case 'deleted':
      return `<${MARKS[inline.type]}>${inlines(inline.content)}</${MARKS[inline.type]}>`;
  }
}
