import { decodeList, decodeObject, type JsonObject, parseJson, textField, timeField } from './decode.js';
import type { RackConnection, RackRequest } from './rack-connection.js';
import { RackError } from './rack-error.js';

/** A webhook of a rack. */
export interface Webhook {
  readonly json: JsonObject;
  readonly id: string;
  readonly url: string;
  /** `''` for all apps. */
  readonly app: string;
  readonly events: readonly string[];
  /** Only in the answer to its creation. */
  readonly secret: string;
}

/** An event on its way to a webhook. */
export interface Delivery {
  readonly json: JsonObject;
  readonly id: string;
  readonly event: string;
  readonly app: string;
  readonly state: string;
  readonly tries: number;
  /** HTTP status of the last answer; 0 without one. */
  readonly answerStatus: number;
  readonly answer: string;
  readonly durationMs: number;
  readonly reason: string;
  readonly created: Date | undefined;
}

/** The calls about webhooks. Racks of Convox have none. */
export interface WebhookCalls {
  list(): Promise<readonly Webhook[]>;
  create(form: Readonly<Record<string, string>>): Promise<Webhook>;
  delete(id: string): Promise<void>;
  listDeliveries(id: string, query: Readonly<Record<string, string>>): Promise<readonly Delivery[]>;
  redeliver(id: string, delivery: string): Promise<void>;
}

function decodeWebhook(value: unknown): Webhook {
  const json = decodeObject(value);
  return {
    json,
    id: textField(json, 'id'),
    url: textField(json, 'url'),
    app: textField(json, 'app'),
    events: decodeList(json.events, String),
    secret: textField(json, 'secret'),
  };
}

function decodeDelivery(value: unknown): Delivery {
  const json = decodeObject(value);
  return {
    json,
    id: textField(json, 'id'),
    event: textField(json, 'event'),
    app: textField(json, 'app'),
    state: textField(json, 'state'),
    tries: Number(json.tries),
    answerStatus: Number(json['answer-status']),
    answer: textField(json, 'answer'),
    durationMs: Number(json['duration-ms']),
    reason: textField(json, 'reason'),
    created: timeField(json, 'created'),
  };
}

/** Makes the calls over a connection. */
export function createWebhookCalls(connection: RackConnection): WebhookCalls {
  const call = async (request: RackRequest) => {
    try {
      return await connection.call(request);
    } catch (error) {
      const isUnknownRoute = error instanceof RackError && error.message.startsWith('response status 404');
      throw isUnknownRoute ? new Error('this rack has no webhooks', { cause: error }) : error;
    }
  };
  const path = (...parts: readonly string[]) => ['/webhooks', ...parts.map(encodeURIComponent)].join('/');
  return {
    list: async () => decodeList(parseJson(await call({ method: 'GET', path: path() })), decodeWebhook),
    create: async (form) => decodeWebhook(parseJson(await call({ method: 'POST', path: path(), form }))),
    delete: async (id) => void (await call({ method: 'DELETE', path: path(id) })),
    listDeliveries: async (id, query) =>
      decodeList(parseJson(await call({ method: 'GET', path: path(id, 'deliveries'), query })), decodeDelivery),
    redeliver: async (id, delivery) =>
      void (await call({ method: 'POST', path: path(id, 'deliveries', delivery, 'redeliver'), form: {} })),
  };
}
