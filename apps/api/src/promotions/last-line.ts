const MAX_LENGTH = 500;

/** Keeps the last line of a stream that is not empty, and no more than that. */
export class LastLine {
  private complete = '';
  private open = '';

  add(piece: Buffer): void {
    const lines = (this.open + piece.toString('utf8')).split('\n');
    this.open = (lines.pop() ?? '').slice(0, MAX_LENGTH);
    this.complete = lines.findLast((line) => line.trim() !== '')?.slice(0, MAX_LENGTH) ?? this.complete;
  }

  get text(): string {
    const line = this.open.trim() === '' ? this.complete : this.open;
    return line.trim();
  }
}
