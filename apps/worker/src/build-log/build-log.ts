import { isSafeOutput, sanitiseLine } from '@convox-builds/domain';
import { type ChunkWriterOptions, createChunkWriter } from './chunk-writer.js';
import { createLogLimit } from './log-limit.js';
import { type LongLine, openLongLine } from './long-line.js';
import type { SecretMasker } from './mask-secrets.js';

/** Where a build's log goes and what bounds it. */
export interface BuildLogOptions extends ChunkWriterOptions {
  /** Told how many bytes were stored, and how many the limit dropped. */
  readonly onBytes: (result: 'stored' | 'dropped', bytes: number) => void;
  /** Knows the secrets that may not be in it. */
  readonly masker: SecretMasker;
  /** What is stored at most; what comes after is counted and dropped. */
  readonly maxBytes: number;
}

/** The log of one attempt: lines in, chunks out, in order. */
export interface BuildLog {
  /** Adds one line (or several, split at line ends). Never blocks; see {@link BuildLog.ready}. */
  readonly line: (text: string) => void;
  /** Adds lines of output, each behind a prefix. None of them has a line end in it. */
  readonly lines: (prefix: string, texts: readonly string[]) => void;
  /** Adds lines of the rack's own, which the limit does not drop: how the attempt ended, and why. */
  readonly note: (text: string) => void;
  /** Begins a line that is too long to be held; it becomes several, each behind the prefix. */
  readonly longLine: (prefix: string) => LongLine;
  /** Takes the secrets out of a text that goes elsewhere. */
  readonly mask: (text: string) => string;
  /** Resolves when little enough is waiting to be stored that more may come: a flood waits here. */
  readonly ready: () => Promise<void>;
  /** Resolves when everything so far is stored. */
  readonly flush: () => Promise<void>;
  /** Says how much the limit dropped, if anything, and stores what is left. */
  readonly end: () => Promise<void>;
}

/** Takes out of a line what no reader may get. */
function cleanLine(line: string, { mask }: SecretMasker): string {
  const clean = sanitiseLine(line);
  // A secret may have something in it that is cleaned away, and may be there only after it was.
  return mask(clean === line ? line : sanitiseLine(mask(line)));
}

function cleanLines(text: string, masker: SecretMasker): string[] {
  if (!/[\r\n]/.test(text)) return [cleanLine(text, masker)];
  // A secret may go over several lines.
  const lines = masker.mask(text).split(/\r\n|\n|\r/);
  return lines.map((line) => cleanLine(line, masker));
}

/** Opens the log of an attempt. Bytes are stored in batches, at the latest 100 ms after they were written. */
export function createBuildLog(options: BuildLogOptions): BuildLog {
  const writer = createChunkWriter(options);
  const limit = createLogLimit({ maxBytes: options.maxBytes, say: writer.add });

  function add(line: string): void {
    const bytes = Buffer.byteLength(line) + 1;
    if (limit.takes(bytes)) writer.add(line);
    else options.onBytes('dropped', bytes);
  }

  /** What needs no cleaning, as nearly all output does not, is looked at and stored as one. */
  function addLines(prefix: string, texts: readonly string[]): void {
    if (texts.length === 0) return;
    const text = prefix + texts.join(`\n${prefix}`);
    const bytes = Buffer.byteLength(text) + 1;
    const isClean = isSafeOutput(text) && options.masker.find(text).length === 0;
    if (!isClean || !limit.hasRoom(bytes)) {
      return accept(texts.map((line) => cleanLine(prefix + line, options.masker)));
    }
    limit.takes(bytes);
    accept([text], writer.add);
  }

  function accept(lines: readonly string[], take = add): void {
    for (const line of lines) take(line);
    writer.write();
  }

  return {
    note: (text) => {
      limit.report();
      accept(cleanLines(text, options.masker), writer.add);
    },
    line: (text) => accept(cleanLines(text, options.masker)),
    lines: addLines,
    mask: options.masker.mask,
    longLine: (prefix) => openLongLine(options.masker, (line) => accept([`${prefix}${line}`])),
    flush: writer.flush,
    ready: writer.ready,
    end: async () => {
      limit.report();
      await writer.flush();
    },
  };
}
