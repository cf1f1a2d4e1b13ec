import { quote } from '../quote.js';
import { list } from './collection-shapes.js';
import { key, keys } from './keys.js';
import { bool, int, string, text } from './scalar-shapes.js';
import { converted, either, type Shape, valueError } from './shape.js';

/** The port of a service that the outside reaches. */
export interface ServicePort {
  readonly port: number;
  readonly scheme: string;
}

/** A port that other services reach. */
export interface InnerPort {
  readonly port: number;
  readonly protocol: string;
}

const DEFAULT_SCHEME = 'http';
const wholeNumber = { ...int, accepts: ['int'] } as const;

const portText: Shape<ServicePort> = converted(string, (written, node, reading) => {
  const [, scheme = DEFAULT_SCHEME, port] = /^(?:(\w+):)?(\d{1,5})$/.exec(written.trim()) ?? [];
  if (port === undefined) throw valueError(node, reading, `could not parse port: ${quote(written)}`);
  return { scheme, port: Number(port) };
});

/** `3000`, `https:3000`, `{port: 3000, scheme: https}` */
export const port: Shape<ServicePort> = either<ServicePort>(
  converted(wholeNumber, (number) => ({ port: number, scheme: DEFAULT_SCHEME })),
  portText,
  converted(
    keys({
      port: key(
        either<ServicePort>(
          converted(wholeNumber, (number) => ({ port: number, scheme: DEFAULT_SCHEME })),
          portText,
        ),
        'Port',
      ),
      scheme: key(text, 'What is spoken on it: `http`, `https`, `grpc`'),
    }),
    ({ port: inner, scheme }, node, reading) => {
      if (inner === undefined) throw valueError(node, reading, 'could not parse port: it has no port');
      return { port: inner.port, scheme: scheme ?? inner.scheme };
    },
  ),
);

/** `[2000, 3000/udp]` */
export const ports: Shape<readonly InnerPort[]> = list(
  either<InnerPort>(
    converted(wholeNumber, (number) => ({ port: number, protocol: 'tcp' })),
    converted(string, (written, node, reading) => {
      const [, number, protocol = 'tcp'] = /^(\d{1,5})(?:\/(\w+))?$/.exec(written.trim()) ?? [];
      if (number === undefined) throw valueError(node, reading, `could not parse port: ${quote(written)}`);
      return { port: Number(number), protocol };
    }),
  ),
);

const words = (written: string) => written.split(',').map((word) => word.trim());

/** A list, or a text of words with commas between them. */
export const commaList: Shape<readonly string[]> = converted(
  either<readonly string[]>(converted(string, words), list(string)),
  (written) => written.map((word) => word.trim()).filter((word) => word !== ''),
);

/** A path, or a mapping. */
export const health = either<unknown>(
  string,
  keys({
    path: key(text, 'Path that is asked', { fallback: '/' }),
    interval: key(int, 'Seconds between two questions', { fallback: 5 }),
    grace: key(int, 'Seconds before the first question; default `interval`'),
    timeout: key(int, 'Seconds to wait for the answer; default `interval` − 1'),
    disable: key(bool, 'Nothing is asked'),
  }),
);
