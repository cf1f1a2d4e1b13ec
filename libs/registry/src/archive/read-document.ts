import type { z } from 'zod';

import { ArchiveError, shown } from './archive-error.js';

/** No honest manifest, config or index is larger; registries have the same limit. */
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/**
 * Reads a small file of an archive.
 *
 * @throws {ArchiveError} when it is not small
 */
export async function collectDocument(name: string, content: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    if (size > MAX_DOCUMENT_BYTES) {
      throw new ArchiveError('malformed', `${shown(name)} is larger than ${MAX_DOCUMENT_BYTES} bytes`);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/**
 * Reads JSON out of an archive.
 *
 * @throws {ArchiveError} when it is none
 */
export function parseDocument(name: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new ArchiveError('malformed', `${shown(name)} cannot be decoded: it is not JSON`, { cause: error });
  }
}

/**
 * Checks JSON out of an archive.
 *
 * @throws {ArchiveError} naming the field
 */
export function checkDocument<Schema extends z.ZodType>(name: string, value: unknown, schema: Schema) {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const [issue] = error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  throw new ArchiveError('malformed', `${shown(name)} cannot be decoded: ${where}${issue?.message ?? ''}`);
}
