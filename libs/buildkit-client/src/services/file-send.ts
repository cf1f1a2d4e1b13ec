import type { Writable } from 'node:stream';

import { BytesMessage } from '../generated/github.com/moby/buildkit/session/filesync/filesync.js';
import { type Attachable, SessionError } from '../session/attachable.js';

/** Says where the file that an exporter makes is to go. */
export interface FileTarget {
  /** Opens the file of the exporter with this place in the solve's list. */
  readonly open: (exporterIndex: number) => Writable | Promise<Writable>;
}

async function write(target: Writable, data: Uint8Array): Promise<void> {
  if (target.write(data)) return;
  await new Promise<void>((resolve, reject) => target.once('drain', resolve).once('error', reject));
}

async function finish(target: Writable): Promise<void> {
  await new Promise<void>((resolve, reject) => target.once('error', reject).end(resolve));
}

/** Receives the file of a `tar`, `oci` or `docker` exporter (moby/buildkit `session/filesync`, FileSend). */
export function fileSend({ open }: FileTarget): Attachable {
  return {
    methods: {
      '/moby.filesync.v1.FileSend/DiffCopy': async (call) => {
        const index = Number(call.metadata.get('buildkit-attachable-exporter-id')?.[0] ?? '0');
        const target = await open(index);
        const failed = new Promise<never>((_resolve, reject) => target.once('error', reject));
        failed.catch(() => {});
        try {
          for await (const message of call.messages) {
            await Promise.race([write(target, BytesMessage.decode(message).data), failed]);
          }
          if (call.signal.aborted) throw new SessionError('unavailable', 'the daemon broke off');
          await finish(target);
        } catch (error) {
          target.destroy();
          throw error;
        }
      },
    },
  };
}
