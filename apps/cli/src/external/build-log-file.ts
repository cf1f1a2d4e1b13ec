import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Output } from '../terminal/output.js';

/** The log of a build on this machine: shown, and kept in a file until it is sent. */
export class BuildLogFile {
  private readonly output: Output;
  private readonly file: FileHandle;
  private readonly path: string;

  private constructor(path: string, { file, output }: { file: FileHandle; output: Output }) {
    this.path = path;
    this.file = file;
    this.output = output;
  }

  static async create(folder: string, output: Output): Promise<BuildLogFile> {
    const path = join(folder, 'log');
    return new BuildLogFile(path, { file: await open(path, 'a', 0o600), output });
  }

  async write(bytes: Buffer): Promise<void> {
    await this.file.appendFile(bytes);
    await this.output.log(bytes);
  }

  /** Ends it and gives all of it. */
  async read(): Promise<Readable> {
    await this.file.close();
    return createReadStream(this.path);
  }
}
