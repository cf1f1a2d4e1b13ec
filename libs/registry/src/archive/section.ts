import { Readable } from 'node:stream';

import { encodeTarHeader, tarPadding } from '@convox-builds/tar';

/** A piece of an archive whose size is known before its content is fetched. */
export interface Section {
  /** Bytes. */
  readonly size: number;
  readonly open: (signal: AbortSignal | undefined) => Promise<AsyncIterable<Buffer>>;
}

/** A piece that is in memory. */
export function sectionOf(bytes: Buffer): Section {
  return { size: bytes.length, open: async () => Readable.from([bytes]) };
}

/** How many bytes some pieces have together. */
export function sizeOf(sections: readonly Section[]): number {
  return sections.reduce((sum, { size }) => sum + size, 0);
}

/** A file of a tar: its name and where its content comes from. */
export interface TarFile {
  readonly path: string;
  readonly mode: number;
  readonly modifiedSeconds: number;
  readonly content: readonly Section[];
}

const NOBODY = { userId: 0, groupId: 0, linkTarget: '' };

/** The header, content and padding of a file in a tar. */
export function tarFile({ content, ...fields }: TarFile): Section[] {
  const size = sizeOf(content);
  const header = encodeTarHeader({ ...fields, ...NOBODY, kind: 'file' }, size);
  return [sectionOf(header), ...content, sectionOf(Buffer.alloc(tarPadding(size)))];
}

/** The header of a folder in a tar. */
export function tarFolder(path: string): Section {
  return sectionOf(encodeTarHeader({ path, ...NOBODY, kind: 'folder', mode: 0o755, modifiedSeconds: 0 }, 0));
}
