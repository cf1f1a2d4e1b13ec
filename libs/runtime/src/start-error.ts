/** Why a process cannot start, for the person who has to mend it: the message says all, and needs no stack. */
export class StartError extends Error {
  override readonly name: string = 'StartError';
}
