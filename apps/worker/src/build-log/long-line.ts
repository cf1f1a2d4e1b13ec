import { sanitiseLine } from '@convox-builds/domain';
import { MASK, type SecretMasker } from './mask-secrets.js';

/** A line of output longer than this is cut into several. */
export const MAX_LINE_LENGTH = 64 * 1024;

/** What may be the beginning of an escape sequence or a tag is looked at when more of it is there. */
const UNFINISHED = /(?:\u001b[^\u001b]{0,200}|<\/?[a-z0-9]{0,10})$/;

/** A line that is too long to be held: it comes in pieces and goes out as several lines. */
export interface LongLine {
  readonly push: (text: string) => void;
  readonly end: () => void;
}

/** The length of a text's beginning that may be cut off: no more than allowed, and no character in two. */
function cutLength(text: string): number {
  const isPairCut = /[\ud800-\udbff]/.test(text.charAt(MAX_LINE_LENGTH - 1));
  return text.length > MAX_LINE_LENGTH && isPairCut ? MAX_LINE_LENGTH - 1 : MAX_LINE_LENGTH;
}

/**
 * Opens a long line. Wherever it comes in pieces and wherever it is cut: what goes out is cleaned and masked as if it
 * had been in one piece. The end of a piece is held back as long as a secret may have begun in it.
 */
export function openLongLine(masker: SecretMasker, write: (line: string) => void): LongLine {
  const heldLength = Math.max(0, masker.maxLength - 1);
  let raw = '';
  let clean = '';
  // How much of `clean` belongs to a secret whose mask has gone out.
  let coveredLength = 0;
  let masked = '';

  function maskUpTo(end: number): void {
    let position = coveredLength;
    for (const range of masker.find(clean)) {
      if (range.start >= end) break;
      if (range.start >= position) masked += clean.slice(position, range.start) + MASK;
      position = Math.max(position, range.end);
    }
    if (position < end) masked += clean.slice(position, end);
    coveredLength = Math.max(0, position - end);
    clean = clean.slice(end);
  }

  function writeWhole(): void {
    while (masked.length > MAX_LINE_LENGTH) {
      const length = cutLength(masked);
      write(masked.slice(0, length));
      masked = masked.slice(length);
    }
  }

  return {
    push: (text) => {
      raw += text;
      const unfinished = UNFINISHED.exec(raw)?.index ?? raw.length;
      clean += sanitiseLine(raw.slice(0, unfinished));
      raw = raw.slice(unfinished);
      // As much as is held back, so that nothing is looked at more than twice.
      if (clean.length >= MAX_LINE_LENGTH + 2 * heldLength) maskUpTo(clean.length - heldLength);
      writeWhole();
    },
    end: () => {
      clean += sanitiseLine(raw);
      raw = '';
      maskUpTo(clean.length);
      writeWhole();
      if (masked !== '') write(masked);
      masked = '';
    },
  };
}
