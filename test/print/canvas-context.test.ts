import { describe, expect, it } from 'vitest';
import { PdfCanvas } from '../../src/print/canvas-context.ts';
import { parseColor } from '../../src/print/color.ts';
import type { Matrix } from '../../src/print/path-writer.ts';
import { createFontRegistry } from '../../src/scene/fonts.ts';
import { needs } from '../harness/needs.ts';
import { drawnPage } from './blank-pdf.ts';
import { onFile, wordBoxes } from './printing.ts';

const fonts = createFontRegistry();

const drawn = (draw: (canvas: PdfCanvas) => void, matrix: Matrix = [1, 0, 0, 1, 0, 0]) =>
  drawnPage((pdf) => {
    const canvas = new PdfCanvas(pdf, fonts, matrix);
    draw(canvas);
    canvas.finish();
  });

const operatorsOf = async (draw: (canvas: PdfCanvas) => void, matrix?: Matrix): Promise<string[]> => {
  const { operators } = await drawn(draw, matrix);
  const lines = operators.split('\n').map((line) => line.trim());
  return lines.slice(lines.indexOf('q') + 1, lines.lastIndexOf('Q'));
};

describe('a canvas that writes PDF', () => {
  it('writes a path under the transformation it was built under', async () => {
    const lines = await operatorsOf(
      (canvas) => {
        canvas.translate(5, 0);
        canvas.beginPath();
        canvas.moveTo(0, 0);
        canvas.lineTo(10, 0);
        canvas.translate(-5, 0);
        canvas.lineTo(0, 10);
        canvas.closePath();
        canvas.fillStyle = '#ff0000';
        canvas.fill();
      },
      [1, 0, 0, 1, 100, 200],
    );
    expect(lines).toEqual(['1 0 0 rg', '105 200 m 115 200 l 100 210 l h f']);
  });

  it('scales the pen with the canvas, and writes only what changes', async () => {
    const lines = await operatorsOf((canvas) => {
      canvas.scale(2, 2);
      canvas.lineWidth = 1.5;
      canvas.setLineDash([3, 1]);
      canvas.strokeStyle = 'rgb(0, 0, 255)';
      for (const y of [1, 2]) {
        canvas.beginPath();
        canvas.moveTo(0, y);
        canvas.lineTo(4, y);
        canvas.stroke();
      }
    });
    expect(lines).toEqual(['0 0 1 RG', '3 w 0 J 0 j 10 M [6 2] 0 d', '0 2 m 8 2 l S', '0 4 m 8 4 l S']);
  });

  it('ends a clip with its save, and sets colours anew behind it', async () => {
    const lines = await operatorsOf((canvas) => {
      canvas.save();
      canvas.beginPath();
      canvas.rect(0, 0, 50, 50);
      canvas.clip();
      canvas.fillStyle = '#00ff00';
      canvas.fillRect(0, 0, 10, 10);
      canvas.restore();
      canvas.fillStyle = '#00ff00';
      canvas.fillRect(20, 20, 10, 10);
    });
    expect(lines).toEqual(['q', '0 0 50 50 re W n', '0 1 0 rg', '0 0 10 10 re f', 'Q', '0 1 0 rg', '20 20 10 10 re f']);
  });

  it('multiplies opacities, and draws nothing at zero', async () => {
    const { bytes, operators } = await drawn((canvas) => {
      canvas.globalAlpha = 0.5;
      canvas.fillStyle = 'rgba(0, 0, 0, 0.5)';
      canvas.fillRect(0, 0, 10, 10);
      canvas.globalAlpha = 1;
      canvas.fillStyle = '#000000';
      canvas.fillRect(0, 0, 20, 20);
      canvas.fillStyle = 'transparent';
      canvas.fillRect(0, 0, 30, 30);
    });
    expect(bytes.toString('latin1')).toMatch(/\/ca 0\.25/);
    expect(operators).not.toContain('30 30 re');
    expect(operators.indexOf('/A1000x1000 gs')).toBeGreaterThan(operators.indexOf('/A250x250 gs'));
  });

  it('closes a full circle of arcs', async () => {
    const lines = await operatorsOf((canvas) => {
      canvas.beginPath();
      canvas.arc(0, 0, 10, 0, Math.PI * 2);
      canvas.fill();
    });
    expect(lines[1]).toBe(
      '10 0 m 10 5.52 5.52 10 0 10 c -5.52 10 -10 5.52 -10 0 c -10 -5.52 -5.52 -10 0 -10 c 5.52 -10 10 -5.52 10 0 c f',
    );
  });

  it('never writes a number that PDF cannot read', async () => {
    const { operators } = await drawn((canvas) => {
      canvas.beginPath();
      for (const value of [Number.NaN, Infinity, -Infinity, 1e-9, 1e21, -0]) canvas.lineTo(value, 1);
      canvas.stroke();
    });
    expect(operators).not.toMatch(/NaN|Infinity|e[+-]?\d/);
  });

  it('measures by the registry that it draws with', async () => {
    await drawn((canvas) => {
      canvas.font = '600 12px Open Sans';
      const face = fonts.face({ weight: 600 });
      expect(canvas.measureText('Привет, 世界').width).toBe(fonts.width('Привет, 世界', face, 12));
    });
  });
});

describe('colours', () => {
  it('are read as CSS writes them', () => {
    expect(parseColor('#f80')).toEqual([1, 136 / 255, 0, 1]);
    expect(parseColor('#ff880080')[3]).toBeCloseTo(0.502, 3);
    expect(parseColor('rgba(255, 0, 51, 0.25)')).toEqual([1, 0, 0.2, 0.25]);
    expect(parseColor('hsl(120, 100%, 50%)').map((part) => Math.round(part * 100) / 100)).toEqual([0, 1, 0, 1]);
    expect(parseColor('nonsense')).toEqual([0, 0, 0, 1]);
  });
});

needs('pdftotext', 'qpdf')('text on a PDF canvas, read back', () => {
  const box = async (draw: (canvas: PdfCanvas) => void) => {
    const { bytes } = await drawn((canvas) => {
      canvas.font = '20px Open Sans';
      draw(canvas);
    });
    expect(onFile(bytes, 'qpdf', '--check', 'FILE')).toContain('No syntax or stream encoding errors');
    const [word] = wordBoxes(bytes);
    if (!word) throw new Error('no word on the page');
    return word;
  };
  const width = fonts.width('Median', fonts.face(), 20);

  it('stands where align says, as wide as it was measured', async () => {
    for (const [align, x] of [
      ['left', 100],
      ['center', 100 + width / 2],
      ['right', 100 + width],
    ] as const) {
      const word = await box((canvas) => {
        canvas.textAlign = align;
        canvas.fillText('Median', x, 50);
      });
      expect(word.text).toBe('Median');
      expect(word.x1).toBeCloseTo(100, 1);
      expect(word.x2 - word.x1).toBeCloseTo(width, 1);
    }
  });

  it('turns with the canvas', async () => {
    const word = await box((canvas) => {
      canvas.translate(100, 300);
      canvas.rotate(-Math.PI / 2);
      canvas.fillText('Median', 0, 0);
    });
    expect(word.y2 - word.y1).toBeCloseTo(width, 1);
    expect(word.y2).toBeCloseTo(300, 1);
  });

  it('is live text in every script that the fonts have', async () => {
    const { bytes } = await drawn((canvas) => {
      canvas.font = 'bold 12px sans-serif';
      canvas.fillText('Отчёт 数据库 Ünï €5', 40, 40);
      canvas.strokeText('Outline', 40, 80);
    });
    const text = onFile(bytes, 'pdftotext', 'FILE', '-');
    for (const word of ['Отчёт', '数据库', 'Ünï', '€5', 'Outline']) expect(text).toContain(word);
  });
});
