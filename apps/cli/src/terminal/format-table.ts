import { paint, paintState } from './paint.js';
import { cutText, textWidth } from './text-width.js';

type Row = readonly string[];

/** What a terminal can show; without it nothing is cut or painted. */
export interface TableLook {
  /** Columns of the terminal. */
  readonly width?: number | undefined;
  readonly isPainted?: boolean;
}

const GAP = '  ';
/** What may be cut, since it can be read elsewhere; ids cannot be used in part. */
const MAY_BE_CUT = new Set(['ANSWER', 'DESCRIPTION']);
const LEAST_WIDTH = 10;

/** A cell must not break its row, nor send control codes to a terminal. */
function cleanCell(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}

function columnWidths(rows: readonly Row[]): readonly number[] {
  const [first = []] = rows;
  return first.map((_, column) => Math.max(...rows.map((row) => textWidth(row[column] ?? ''))));
}

/** Cuts the last column, where it may be cut, to what the others leave of the width. */
function fitRows(rows: readonly Row[], width: number): readonly Row[] {
  const [headings = []] = rows;
  const last = headings.length - 1;
  if (!MAY_BE_CUT.has(headings[last] ?? '')) return rows;
  const others = columnWidths(rows).slice(0, last);
  const left = width - others.reduce((sum, one) => sum + one + GAP.length, 0);
  return rows.map((row) => row.with(last, cutText(row[last] ?? '', Math.max(left, LEAST_WIDTH))));
}

function formatRow(row: Row, widths: readonly number[], paintCell: (cell: string, column: number) => string): string {
  const cells = row.map((cell, column) => {
    const isLast = column === row.length - 1;
    const padding = isLast ? '' : ' '.repeat((widths[column] ?? 0) - textWidth(cell));
    return paintCell(cell, column) + padding;
  });
  return `${cells.join(GAP)}\n`;
}

/**
 * Sets a table: columns as wide as their widest cell, two spaces between, the last one unpadded; one line a row. On a
 * terminal descriptions are cut so that a row stays a line.
 */
export function formatTable(headings: Row, rows: readonly Row[], { width, isPainted = false }: TableLook = {}): string {
  const clean = [headings, ...rows.map((row) => row.map(cleanCell))];
  const [head = [], ...body] = width === undefined ? clean : fitRows(clean, width);
  const widths = columnWidths([head, ...body]);
  const paintHeading = (cell: string) => (isPainted ? paint(cell, 'bold') : cell);
  const paintCell = (cell: string, column: number) =>
    isPainted && head[column] === 'STATUS' ? paintState(cell) : cell;
  return formatRow(head, widths, paintHeading) + body.map((row) => formatRow(row, widths, paintCell)).join('');
}
