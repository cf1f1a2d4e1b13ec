const CODES = { bold: [1, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], grey: [90, 39] } as const;

/** A way to set text off on a terminal. */
export type Paint = keyof typeof CODES;

/** What the states of apps, builds, releases and findings look like. */
const STATE_PAINTS: Readonly<Record<string, Paint>> = {
  active: 'green',
  cancelled: 'grey',
  complete: 'green',
  created: 'yellow',
  current: 'green',
  failed: 'red',
  ok: 'green',
  queued: 'yellow',
  running: 'green',
  updating: 'yellow',
  warning: 'yellow',
};

/** Sets text off. */
export function paint(text: string, how: Paint): string {
  const [begin, end] = CODES[how];
  return `\x1b[${begin}m${text}\x1b[${end}m`;
}

/** Paints a state; a word that is none stays plain. */
export function paintState(text: string): string {
  const how = STATE_PAINTS[text.trim()];
  return how === undefined ? text : paint(text, how);
}

/** Whether what is written there is painted: on a terminal, unless the person wants it otherwise. */
export function isPainted(stream: { readonly isTTY?: boolean }, colour: 'always' | 'never' | undefined): boolean {
  return colour === undefined ? stream.isTTY === true : colour === 'always';
}
