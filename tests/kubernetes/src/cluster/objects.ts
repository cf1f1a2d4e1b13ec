import { z } from 'zod';

import { kubectl } from './run.js';

const statusSchema = z.looseObject({ name: z.string(), restartCount: z.number() });
const podSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string(), uid: z.string(), labels: z.record(z.string(), z.string()) }),
  status: z.looseObject({
    containerStatuses: z.array(statusSchema).default([]),
    initContainerStatuses: z.array(statusSchema).default([]),
  }),
});
const eventSchema = z.looseObject({
  type: z.string(),
  reason: z.string(),
  message: z.string(),
  involvedObject: z.looseObject({ kind: z.string(), name: z.string(), uid: z.string().optional() }),
});
const secretSchema = z.looseObject({
  type: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  data: z.record(z.string(), z.string()).default({}),
});
const serviceSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    clusterIP: z.string(),
    ports: z.array(z.looseObject({ port: z.number(), nodePort: z.number().optional() })),
  }),
});

const SCHEMAS = { pods: podSchema, events: eventSchema, secrets: secretSchema, services: serviceSchema };

type Kind = keyof typeof SCHEMAS;
type ObjectOf<K extends Kind> = z.infer<(typeof SCHEMAS)[K]>;

/** Lists the objects of a kind in a namespace. */
export async function list<K extends Kind>(kind: K, namespace: string): Promise<ObjectOf<K>[]> {
  const text = await kubectl('get', kind, '--namespace', namespace, '--output', 'json');
  const { items } = z.object({ items: z.array(z.unknown()) }).parse(JSON.parse(text));
  return items.map((item) => SCHEMAS[kind].parse(item) as ObjectOf<K>);
}

/** Reads what a Secret says, its values as they were before they were written down. */
export async function readSecret(namespace: string, name: string): Promise<Readonly<Record<string, string>>> {
  const secret = (await list('secrets', namespace)).find(({ metadata }) => metadata.name === name);
  if (secret === undefined) throw new Error(`Cannot read Secret "${name}": ${namespace} has none of that name`);
  const decode = (value: string) => Buffer.from(value, 'base64').toString();
  return Object.fromEntries(Object.entries(secret.data).map(([key, value]) => [key, decode(value)]));
}
